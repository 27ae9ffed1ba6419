/*
 * found -- the SDKs that bytes speak of. Pure but for reading a descriptor
 * by offset; everything read here is the container's own choice.
 *
 * One table (found.c) says, for each kind of file, which text stands for
 * which family and where its version follows.
 */
#pragma once
#include "rolewatch/base.h"

#define SDK_VERSION_MAX 32
#define SDKS_MAX 8                     /* kept of one process */

struct sdk_found {
        const char *family;            /* static: a family of the chain table */
        char version[SDK_VERSION_MAX]; /* "" not known */
};
struct sdk_set {
        struct sdk_found found[SDKS_MAX];
        size_t n;
};
/* One a family and version; a known version takes the place of an unknown one. Full: dropped. */
void sdk_set_add(struct sdk_set *set, const char *family, const char *version, size_t len);
void sdk_set_merge(struct sdk_set *set, const struct sdk_set *more);

/* id, the largest such file that is read */
#define SDK_FORMATS(X) \
        X(BOTOCORE,   16 << 10)  /* botocore/__init__.py */ \
        X(AWSCLI,     16 << 10)  /* awscli/__init__.py */ \
        X(CLI_PATH,   4 << 10)   /* the path of AWS CLI v2's own bundle */ \
        X(JS2,        64 << 10)  /* aws-sdk/package.json */ \
        X(JS3,        64 << 10)  /* @aws-sdk/credential-provider-node/package.json */ \
        X(NPM_LOCK,   8 << 20)   /* node_modules/.package-lock.json */ \
        X(PNPM_LOCK,  8 << 20)   /* node_modules/.pnpm/lock.yaml */ \
        X(YARN_PNP,   8 << 20)   /* .pnp.cjs */ \
        X(BUNDLE,     32 << 20)  /* a script that holds its libraries */ \
        X(GEM_LOCK,   1 << 20)   /* Gemfile.lock */ \
        X(COMPOSER,   8 << 20)   /* vendor/composer/installed.{php,json} */ \
        X(DEPS_JSON,  8 << 20)   /* APP.deps.json */ \
        X(JAR_NAMES,  2 << 20)   /* class paths: command lines, argument files, indices */ \
        X(JAR,        16 << 20)  /* the central directory of a jar */ \
        X(MAPS,       1 << 20)   /* /proc/PID/maps */ \
        X(EXECUTABLE, 64 << 20)
enum sdk_format {
#define X(id, max) SDK_##id,
        SDK_FORMATS(X)
#undef X
        SDK_FORMAT_MAX
};

/* What a piece of such a file names. */
void sdk_scan(enum sdk_format format, const char *buf, size_t len, struct sdk_set *set);
/* The same over a part of a file, in pieces and as far as the format's limit. 0 or -errno. */
struct file_part { int fd; uint64_t from, end; };
int sdk_scan_file(enum sdk_format format, const struct file_part *part, struct sdk_set *set);

/*
 * elf.c: Go's build information of an executable; where it lists no
 * modules, or the program is none of Go's, the strings of the whole file.
 */
int sdk_scan_executable(int fd, uint64_t size, struct sdk_set *set);
/* The lines "dep\tPATH\tVERSION" of Go's build information. True: it lists modules. */
bool sdk_go_modules(const char *text, size_t len, struct sdk_set *set);
/* zip.c: the names in a jar. 0 or -errno; -EBADMSG: not a zip file. */
int sdk_scan_jar(int fd, uint64_t size, struct sdk_set *set);
/* All of it, or -EBADMSG when the file ends before. */
int sdk_read_at(int fd, uint64_t at, void *buf, size_t len);
