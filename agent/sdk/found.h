/*
 * found -- recognizes SDKs in the bytes of files. Pure, except for reads by offset. All of the input is untrusted.
 *
 * One table (found.c) has, for each kind of file, the text of each SDK family and where its version follows.
 */
#pragma once
#include "rolewatch/base.h"

#define SDK_VERSION_MAX 32
#define SDKS_MAX 8                     /* of one process */

struct sdk_found {
        const char *sdk;               /* static: a family of the chain table */
        char version[SDK_VERSION_MAX]; /* "": not known */
};
struct sdk_set {
        struct sdk_found found[SDKS_MAX];
        size_t n;
};
/* One entry per family and version; a known version replaces an unknown one. A full set drops it. */
void sdk_set_add(struct sdk_set *set, const char *sdk, const char *version, size_t len);
void sdk_set_merge(struct sdk_set *set, const struct sdk_set *more);

/* kind of file, and how many bytes of it are read at most */
#define SDK_FORMATS(X) \
        X(BOTOCORE,   16 << 10)  /* botocore/__init__.py */ \
        X(AWSCLI,     16 << 10)  /* awscli/__init__.py */ \
        X(CLI_PATH,   4 << 10)   /* path of AWS CLI v2's installation */ \
        X(BOTO2,      16 << 10)  /* boto/__init__.py */ \
        X(S3CMD,      16 << 10)  /* S3/PkgInfo.py */ \
        X(JS2,        64 << 10)  /* aws-sdk/package.json */ \
        X(JS3,        64 << 10)  /* @aws-sdk/credential-provider-node/package.json */ \
        X(NPM_LOCK,   8 << 20)   /* node_modules/.package-lock.json */ \
        X(PNPM_LOCK,  8 << 20)   /* node_modules/.pnpm/lock.yaml */ \
        X(YARN_PNP,   8 << 20)   /* .pnp.cjs */ \
        X(BUNDLE,     32 << 20)  /* a script that contains its libraries */ \
        X(GEM_LOCK,   1 << 20)   /* Gemfile.lock */ \
        X(COMPOSER,   8 << 20)   /* vendor/composer/installed.{php,json} */ \
        X(PHP_SDK,    128 << 10) /* Sdk.php of a copy without composer's list */ \
        X(DEPS_JSON,  8 << 20)   /* APP.deps.json */ \
        X(JAR_NAMES,  2 << 20)   /* class paths: command lines, argument files, indices */ \
        X(JAR,        16 << 20)  /* the central directory of a jar */ \
        X(MAPS,       1 << 20)   /* /proc/PID/maps */ \
        X(EXECUTABLE, 512 << 20)
enum sdk_format {
#define X(id, max) SDK_##id,
        SDK_FORMATS(X)
#undef X
        SDK_FORMAT_MAX
};

/* Adds the SDKs that this piece of a file names. */
void sdk_scan(enum sdk_format format, const char *buf, size_t len, struct sdk_set *set);
/* The same for a part of a file, up to the limit of its format. 0 or -errno. */
struct file_part { int fd; uint64_t from, end; };
int sdk_scan_file(enum sdk_format format, const struct file_part *part, struct sdk_set *set);

/*
 * elf.c: an executable, by Go's build information; if that lists no modules, or it is not a Go program, by all of its strings.
 */
int sdk_scan_executable(int fd, uint64_t size, struct sdk_set *set);
/*
 * The lines "path\tPATH", "mod\tPATH\tVERSION" and "dep\tPATH\tVERSION" of Go's build information. True: that is enough,
 * because it lists modules, or the main package is a tool of the chain table.
 */
bool sdk_go_modules(const char *text, size_t len, struct sdk_set *set);
/* zip.c: the names in a jar. 0 or -errno; -EBADMSG: not a zip file. */
int sdk_scan_jar(int fd, uint64_t size, struct sdk_set *set);
/* Reads exactly so many bytes; -EBADMSG: the file is shorter. */
int sdk_read_at(int fd, uint64_t at, void *buf, size_t len);
