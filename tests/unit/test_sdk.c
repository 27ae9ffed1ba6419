/* Recognition of SDKs: what bytes say, by rows; then whole files, sound and broken; then a process. */
#include <elf.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <cmocka.h>
#include "../../agent/sdk/cache.h"
#include "../../agent/broker/wire.h"
#include "rolewatch/sdk.h"

/* "js2 2.1693.0, js3" */
static const char *sdks_text(const struct sdk_set *set)
{
        static char buf[512];
        size_t n = 0;

        buf[0] = '\0';
        for (size_t i = 0; i < set->n; i++)
                n += (size_t)snprintf(buf + n, sizeof buf - n, "%s%s%s%s", i ? ", " : "",
                                      set->found[i].sdk, set->found[i].version[0] ? " " : "",
                                      set->found[i].version);
        return buf;
}

static const struct { const char *why; enum sdk_format format; const char *text, *want; } texts[] = {
        { "botocore", SDK_BOTOCORE, "import os\n__version__ = '1.29.27'\n", "botocore 1.29.27" },
        { "double quotes", SDK_BOTOCORE, "__version__ = \"1.43.11\"", "botocore 1.43.11" },
        { "a pre-release", SDK_BOTOCORE, "__version__ = '1.30.0rc1'", "botocore 1.30.0" },
        { "no version", SDK_BOTOCORE, "__version__ = get()\n", "" },
        { "control characters", SDK_BOTOCORE, "__version__ = '\x1b[2J'", "" },
        { "a number alone is none", SDK_BOTOCORE, "__version__ = '7'", "" },
        { "too long", SDK_BOTOCORE, "__version__ = '1.1111111111111111111111111111111111'", "botocore" },
        { "AWS CLI v2", SDK_AWSCLI, "__version__ = '2.9.19'", "cli2 2.9.19" },
        { "AWS CLI v1 is botocore's", SDK_AWSCLI, "__version__ = '1.22.34'", "" },
        { "the CLI's own bundle", SDK_CLI_PATH, "/usr/local/aws-cli/v2/2.15.0/dist/aws", "cli2 2.15.0" },
        { "its link", SDK_CLI_PATH, "/usr/local/aws-cli/v2/current/dist/aws", "" },
        { "JS v2", SDK_JS2, "{\n  \"name\": \"aws-sdk\",\n  \"version\": \"2.1693.0\"", "js2 2.1693.0" },
        { "minified", SDK_JS2, "{\"version\":\"2.4.7\"}", "js2 2.4.7" },
        { "another package of the name", SDK_JS2, "{\"version\":\"0.1.2\"}", "" },
        { "JS v3", SDK_JS3, "{\"name\": \"x\", \"version\": \"3.972.97\"}", "js3 3.972.97" },
        { "npm's own list", SDK_NPM_LOCK,
          "\"node_modules/@aws-sdk/client-s3\": {\n \"version\": \"3.1.0\"},\n"
          "\"node_modules/@aws-sdk/client-s3/node_modules/@aws-sdk/credential-provider-node\": {\n"
          " \"version\": \"3.972.61\",\n},\n\"node_modules/aws-sdk\": {\n\"version\": \"2.1200.0\"",
          "js2 2.1200.0, js3 3.972.61" },
        { "two of one family", SDK_NPM_LOCK,
          "node_modules/@aws-sdk/credential-provider-node\": { \"version\": \"3.345.0\" }"
          "node_modules/@aws-sdk/credential-provider-node\": { \"version\": \"3.972.97\" }",
          "js3 3.345.0, js3 3.972.97" },
        { "pnpm's", SDK_PNPM_LOCK, "  '@aws-sdk/credential-provider-node@3.972.1':\n  /aws-sdk@2.1354.0:\n",
          "js2 2.1354.0, js3 3.972.1" },
        { "a name that ends so", SDK_PNPM_LOCK, "  mock-aws-sdk@2.1.0:\n", "" },
        { "yarn's", SDK_YARN_PNP,
          "[\"@aws-sdk/credential-provider-node\", [\\\n [\"npm:3.972.66\", {\\\n", "js3 3.972.66" },
        { "a bundle", SDK_BUNDLE, "x(\"@aws-sdk/credential-provider-node - defaultProvider::fromEnv\")", "js3" },
        { "Ruby v3", SDK_GEM_LOCK, "  specs:\n    aws-sdk-core (3.168.1)\n      aws-eventstream (~> 1)\n"
          "    aws-sdk-s3 (1.1)\n      aws-sdk-core (~> 3, >= 3.127.0)\n", "ruby3 3.168.1" },
        { "Ruby v2", SDK_GEM_LOCK, "    aws-sdk-core (2.11.632)\n", "ruby2 2.11.632" },
        { "composer 2", SDK_COMPOSER, "'aws/aws-sdk-php' => array(\n 'pretty_version' => '3.300.1',\n"
          " 'version' => '3.300.1.0',", "php 3.300.1" },
        { "composer's json", SDK_COMPOSER, "{\"name\": \"aws/aws-sdk-php\",\n \"version\": \"3.18.27\",", "php 3.18.27" },
        { ".NET v3", SDK_DEPS_JSON, "\"dependencies\": {\"AWSSDK.Core\": \"3.7.1\"}, \"AWSSDK.Core/3.7.300.2\": {", "dotnet3 3.7.300.2" },
        { ".NET v4", SDK_DEPS_JSON, "\"AWSSDK.Core/4.0.0.1\": {", "dotnet4 4.0.0.1" },
        { "jars", SDK_JAR_NAMES, "/app/lib/aws-java-sdk-core-1.12.99.jar:/app/lib/aws-core-2.20.1.jar",
          "java1 1.12.99, java2 2.20.1" },
        { "Quarkus writes the group before", SDK_JAR_NAMES, "lib/software.amazon.awssdk.aws-core-2.20.1.jar", "java2 2.20.1" },
        { "Kotlin's jars", SDK_JAR_NAMES, "lib/sts-jvm-1.8.12.jar:lib/aws-core-jvm-1.8.12.jar:lib/aws-config-jvm-1.8.12.jar", "kotlin 1.8.12" },
        { "Kotlin beside Java", SDK_JAR_NAMES, "lib/aws-core-2.20.1.jar:lib/aws.sdk.kotlin.aws-config-jvm-1.4.59.jar", "java2 2.20.1, kotlin 1.4.59" },
        { "Kotlin in a jar of jars", SDK_JAR, "BOOT-INF/lib/aws-config-jvm-1.0.48.jar", "kotlin 1.0.48" },
        { "Kotlin in a shaded jar", SDK_JAR, "org/x/aws/sdk/kotlin/runtime/auth/credentials/DefaultChainCredentialsProvider.class", "kotlin" },
        { "S3A beside the SDK that it uses", SDK_JAR_NAMES, "/opt/spark/jars/hadoop-aws-3.3.6.jar:/opt/spark/jars/aws-java-sdk-bundle-1.12.367.jar",
          "java1 1.12.367, s3a 3.3.6" },
        { "another's jar", SDK_JAR_NAMES, "lib/my-aws-core-2.20.1.jar", "" },
        { "libraries", SDK_MAPS, "7f00 r-xp 08:01 12 /usr/lib/libaws-cpp-sdk-core.so.1.11\n", "cpp" },
        { "Rust", SDK_EXECUTABLE, "index.crates.io-6f17/aws-config-1.5.0/src/lib.rs", "rust 1.5.0" },
        { "Go without a list of modules", SDK_EXECUTABLE, "github.com/aws/aws-sdk-go-v2/config.LoadDefaultConfig", "go2" },
        { "boto 2", SDK_BOTO2, "import re\n__version__ = '2.49.0'\n", "boto2 2.49.0" },
        { "another boto", SDK_BOTO2, "__version__ = '1.0.1'", "" },
        { "s3cmd", SDK_S3CMD, "package = \"s3cmd\"\nversion = \"2.4.0\"\n", "s3cmd 2.4.0" },
        { "another version than the package's", SDK_S3CMD, "api_version = \"2.4.0\"\n", "" },
        { "a copy of PHP's", SDK_PHP_SDK, "class Sdk\n{\n    const VERSION = '3.311.2';\n", "php 3.311.2" },
        { "registry, without build information", SDK_EXECUTABLE, "github.com/docker/distribution/registry/storage/driver/s3-aws.New", "registry" },
        { "the registry that has left its own chain", SDK_EXECUTABLE, "github.com/distribution/distribution/v3/registry/storage/driver/s3-aws.New", "" },
        { "restic, without build information", SDK_EXECUTABLE, "github.com/restic/restic/internal/backend/s3.Open", "restic" },
        { "s3fs", SDK_EXECUTABLE, "s3fs: option ecs cannot be used in conjunction with ibm", "s3fs" },
        { "the CloudWatch agent", SDK_EXECUTABLE, "github.com/aws/amazon-cloudwatch-agent/cfg/aws.Configure", "cloudwatch-agent" },
        { "C++", SDK_EXECUTABLE, "DefaultAWSCredentialsProviderChain", "cpp" },
        { "minio-go", SDK_EXECUTABLE, "github.com/minio/minio-go/v7/pkg/credentials.NewChainCredentials", "minio-go" },
        { "pgBackRest", SDK_EXECUTABLE, "HINT: is a valid IAM role associated with this instance?", "pgbackrest" },
        { "Fluent Bit", SDK_EXECUTABLE, "[aws_credentials] Initialized EC2 Provider in standard chain", "fluent-bit" },
        { "OpenDAL", SDK_EXECUTABLE, "/index.crates.io-1949/reqsign-0.16.5/src/aws/v4.rs", "opendal 0.16.5" },
        { "OpenDAL without AWS", SDK_EXECUTABLE, "aws /reqsign-0.16.5/src/azure/storage/loader.rs", "" },
        { "OpenDAL with reqsign 3.0", SDK_EXECUTABLE, "/reqsign-aws-v4-3.0.1/src/provide_credential/imds.rs", "opendal 3.0.1" },
        { "another part of it has another number", SDK_EXECUTABLE,
          "/reqsign-aws-v4-3.3.1/src/provide_credential/s3_express_session.rs/reqsign-aws-core-3.2.0/src/provide_credential/imds.rs", "opendal 3.2.0" },
        { "OpenDAL from its repository", SDK_EXECUTABLE, "/checkouts/reqsign/src/aws/credential.rs", "opendal" },
        { "object_store", SDK_EXECUTABLE, "/index.crates.io-6f17/object_store-0.13.1/src/aws/mod.rs", "object-store 0.13.1" },
        { "object_store without AWS", SDK_EXECUTABLE, "aws /object_store-0.13.1/src/local.rs", "" },
        { "a crate whose name ends the text", SDK_EXECUTABLE, "aws /object_store-0.13.1", "" },
        { "object_store from its repository", SDK_EXECUTABLE, "/arrow-rs-53e1/33062b1/object_store/src/aws/dynamo.rs", "object-store" },
        { "GDAL in a program", SDK_EXECUTABLE, "CPL_AWS_CREDENTIALS_FILE", "gdal" },
        { "GDAL as Debian has it", SDK_MAPS, "7f00 r-xp 08:01 12 /usr/lib/x86_64-linux-gnu/libgdal.so.32.3.6.2\n", "gdal 3.6.2" },
        { "GDAL in a wheel", SDK_MAPS, "7f00 r-xp 08:01 12 /app/pyogrio.libs/libgdal-253d08a6.so.38.3.12.4\n", "gdal 3.12.4" },
        { "a GDAL of an unknown number", SDK_MAPS, "7f00 r-xp 08:01 12 /usr/lib/libgdal.so\n", "gdal" },
        { "AsyncAws", SDK_COMPOSER, "'async-aws/core' => array(\n 'pretty_version' => '1.25.0',\n 'version' => '1.25.0.0',", "async-aws 1.25.0" },
        { "AsyncAws in composer's json", SDK_COMPOSER, "{\"name\": \"async-aws/core\",\n \"version\": \"1.18.1\",", "async-aws 1.18.1" },
        { "nothing", SDK_EXECUTABLE, "awsome", "" },
        { "empty", SDK_EXECUTABLE, "", "" },
};

static int file_of(const void *bytes, size_t len)
{
        int fd = memfd_create("test", MFD_CLOEXEC);

        assert_true(fd >= 0);
        assert_int_equal(write(fd, bytes, len), (ssize_t)len);
        assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
        return fd;
}

static void texts_name_sdks(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
                struct sdk_set set = { 0 };

                sdk_scan(texts[i].format, texts[i].text, strlen(texts[i].text), &set);
                if (!streq(sdks_text(&set), texts[i].want))
                        fail_msg("%s: \"%s\"", texts[i].why, sdks_text(&set));
                if (texts[i].format == SDK_EXECUTABLE) {
                        /* A piece of an executable in which nothing else speaks of AWS. */
                        int fd = file_of(texts[i].text, strlen(texts[i].text));

                        set = (struct sdk_set){ 0 };
                        assert_int_equal(sdk_scan_file(SDK_EXECUTABLE, &(struct file_part){ fd, 0, strlen(texts[i].text) }, &set), 0);
                        close(fd);
                        if (!streq(sdks_text(&set), texts[i].want))
                                fail_msg("%s, in a piece of its own: \"%s\"", texts[i].why, sdks_text(&set));
                }
        }
}

static void sets_are_bounded(void **state)
{
        struct sdk_set set = { 0 };
        char version[16];

        (void)state;
        sdk_set_add(&set, "js3", NULL, 0);
        sdk_set_add(&set, "js3", "3.1", 3);
        assert_string_equal(sdks_text(&set), "js3 3.1");
        sdk_set_add(&set, "js3", NULL, 0);
        assert_int_equal(set.n, 1);
        for (int i = 0; i < 3 * SDKS_MAX; i++)
                sdk_set_add(&set, "js2", version, (size_t)snprintf(version, sizeof version, "2.%d", i));
        assert_int_equal(set.n, SDKS_MAX);
}

/* A hit on either side of, and across, the border of two pieces of a file. */
static void pieces_hide_nothing(void **state)
{
        static const char text[] = "github.com/aws/aws-sdk-go/aws/session.New";
        size_t size = (size_t)600 << 10;
        char *buf = calloc(1, size);

        (void)state;
        assert_non_null(buf);
        for (size_t at = ((size_t)256 << 10) - sizeof text - 3; at < ((size_t)256 << 10) + 3; at++) {
                struct sdk_set set = { 0 };
                int fd;

                memset(buf, 0, size);
                memcpy(buf + at, text, sizeof text);
                fd = file_of(buf, size);
                assert_int_equal(sdk_scan_file(SDK_EXECUTABLE, &(struct file_part){ fd, 0, size }, &set), 0);
                close(fd);
                if (!streq(sdks_text(&set), "go1"))
                        fail_msg("at %zu: %s", at, sdks_text(&set));
        }
        free(buf);
}

#define DEPS "path\texample\nmod\texample\t(devel)\t\ndep\tgithub.com/aws/aws-sdk-go\tv1.44.133\th1:x=\n" \
        "dep\tgithub.com/aws/aws-sdk-go-v2\tv1.17.1\n=>\t./fork\t(devel)\ndep\tgithub.com/aws/aws-sdk-go-v2/config\tv1.18.0\n"
#define MODULES "0123456789abcdef" DEPS "0123456789abcdef"

struct go_file {
        Elf64_Ehdr head;
        Elf64_Phdr segment;
        Elf64_Shdr sections[3];
        char names[32];
        unsigned char info[64];
        uint64_t string[2];
        char text[1024];
};

/* An executable with nothing but Go's build information, in either of its two forms. */
static size_t go_file(struct go_file *f, bool old)
{
        uint64_t base = 0x400000, pointer = base + offsetof(struct go_file, string);
        size_t n = strlen(MODULES), at = 32;

        *f = (struct go_file){ .head = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB },
                                         .e_phoff = offsetof(struct go_file, segment), .e_phnum = 1,
                                         .e_phentsize = sizeof(Elf64_Phdr),
                                         .e_shoff = offsetof(struct go_file, sections), .e_shnum = 3,
                                         .e_shentsize = sizeof(Elf64_Shdr), .e_shstrndx = 1 },
                               .segment = { .p_type = PT_LOAD, .p_vaddr = base, .p_filesz = sizeof *f } };
        memcpy(f->names, "\0.shstrtab\0.go.buildinfo", 25);
        f->sections[1] = (Elf64_Shdr){ .sh_name = 1, .sh_offset = offsetof(struct go_file, names), .sh_size = sizeof f->names };
        f->sections[2] = (Elf64_Shdr){ .sh_name = 11, .sh_offset = offsetof(struct go_file, info),
                                       .sh_size = sizeof f->info + sizeof f->string + sizeof f->text };
        memcpy(f->info, "\xff Go buildinf:", 14);
        f->info[14] = 8;
        if (old) {
                memcpy(f->info + 24, &pointer, sizeof pointer);
                f->string[0] = base + offsetof(struct go_file, text);
                f->string[1] = n;
                memcpy(f->text, MODULES, n);
                return sizeof *f;
        }
        f->info[15] = 2;
        memcpy(f->info + at, "\x06go1.19", 7);
        at += 7;
        f->info[at++] = (unsigned char)(n & 0x7f) | 0x80;
        f->info[at++] = (unsigned char)(n >> 7);
        memcpy((char *)f + offsetof(struct go_file, info) + at, MODULES, n);
        return sizeof *f;
}

static void go_lists_its_modules(void **state)
{
        (void)state;
        for (int old = 0; old < 2; old++) {
                struct sdk_set set = { 0 };
                struct go_file f;
                size_t len = go_file(&f, old);
                int fd = file_of(&f, len);

                assert_int_equal(sdk_scan_executable(fd, len, &set), 0);
                close(fd);
                assert_string_equal(sdks_text(&set), "go1 1.44.133, go2 1.17.1");
        }
}

/* Go's build information names the main package of a tool, with and without a list of modules. */
static void go_names_its_main_package(void **state)
{
        static const struct { const char *why, *text, *want; bool found; } rows[] = {
                { "no modules", "path\tgithub.com/rclone/rclone\nbuild\t-compiler=gc\n", "rclone", true },
                { "a release", "path\tgithub.com/rclone/rclone\nmod\tgithub.com/rclone/rclone\tv1.69.1\th1:x=\n"
                  "dep\tgithub.com/aws/aws-sdk-go-v2\tv1.36.0\th1:x=\n", "rclone 1.69.1, go2 1.36.0", true },
                { "no release", "path\tgithub.com/restic/restic/cmd/restic\nmod\tgithub.com/restic/restic\t(devel)\t\n"
                  "dep\tgithub.com/minio/minio-go/v7\tv7.0.84\th1:x=\n", "restic, minio-go 7.0.84", true },
                { "another command of the module", "path\tgithub.com/rclone/rclone/bin\n", "", false },
                { "neither", "path\texample\nbuild\t-compiler=gc\n", "", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct sdk_set set = { 0 };
                char text[512];
                size_t n = (size_t)snprintf(text, sizeof text, "0123456789abcdef%s0123456789abcdef", rows[i].text);

                assert_int_equal(sdk_go_modules(text, n, &set), rows[i].found);
                if (!streq(sdks_text(&set), rows[i].want))
                        fail_msg("%s: \"%s\"", rows[i].why, sdks_text(&set));
        }
}

/* A sparse file of 200 MiB: executables used to be read up to 64 MiB only. */
static void large_executables_are_read_whole(void **state)
{
        static const char text[] = "github.com/aws/aws-sdk-go-v2/config.LoadDefaultConfig";
        uint64_t size = (uint64_t)200 << 20;
        struct sdk_set set = { 0 };
        int fd = memfd_create("test", MFD_CLOEXEC);

        (void)state;
        assert_true(fd >= 0);
        assert_int_equal(ftruncate(fd, (off_t)size), 0);
        assert_int_equal(pwrite(fd, text, sizeof text, (off_t)(size - 4096)), (ssize_t)sizeof text);
        assert_int_equal(sdk_scan_executable(fd, size, &set), 0);
        close(fd);
        assert_string_equal(sdks_text(&set), "go2");
}

#define JAR_ENTRY "PK\1\2.............................................BOOT-INF/lib/aws-core-2.20.1.jar"
static size_t jar_file(char *buf, size_t size, const char *comment)
{
        unsigned n = sizeof JAR_ENTRY - 1;
        size_t at = (size_t)snprintf(buf, size, "#!/bin/sh\nlib/aws-java-sdk-core-1.12.1.jar in a file's bytes");
        unsigned char end[22] = { 'P', 'K', 5, 6, [12] = (unsigned char)n, [20] = (unsigned char)strlen(comment) };

        memcpy(buf + at, JAR_ENTRY, n);
        memcpy(buf + at + n, end, sizeof end);
        memcpy(buf + at + n + sizeof end, comment, strlen(comment));
        return at + n + sizeof end + strlen(comment);
}

static void jars_list_their_names(void **state)
{
        char buf[1024];

        (void)state;
        for (int i = 0; i < 2; i++) {
                struct sdk_set set = { 0 };
                size_t len = jar_file(buf, sizeof buf, i ? "a comment" : "");
                int fd = file_of(buf, len);

                assert_int_equal(sdk_scan_jar(fd, len, &set), 0);
                close(fd);
                assert_string_equal(sdks_text(&set), "java2 2.20.1");
        }
}

/* Every prefix, and every byte turned to each of some values: nothing may be read beyond, or for long. */
static void broken_files_are_harmless(void **state)
{
        static const unsigned char values[] = { 0, 1, 0x7f, 0x80, 0xff };
        struct go_file go;
        char jar[1024];
        unsigned tried = 0;

        (void)state;
        for (int kind = 0; kind < 3; kind++) {
                size_t len = kind == 2 ? jar_file(jar, sizeof jar, "x") : go_file(&go, kind);
                unsigned char *bytes = kind == 2 ? (unsigned char *)jar : (unsigned char *)&go;
                int fd = file_of(bytes, len);

                for (size_t i = 0; i < len; i++)
                        for (size_t k = 0; k <= ARRAY_SIZE(values); k++) {
                                struct sdk_set set = { 0 };
                                bool cut = k == ARRAY_SIZE(values);
                                uint64_t size = cut ? i : len;

                                if (!cut)
                                        assert_int_equal(pwrite(fd, &values[k], 1, (off_t)i), 1);
                                if (kind == 2)
                                        sdk_scan_jar(fd, size, &set);
                                else
                                        sdk_scan_executable(fd, size, &set);
                                assert_int_equal(pwrite(fd, &bytes[i], 1, (off_t)i), 1);
                                assert_true(set.n <= SDKS_MAX);
                                tried++;
                        }
                close(fd);
        }
        assert_true(tried > 5000);
}

static void the_cache_knows_files(void **state)
{
        struct sdk_cache *c = NULL;
        struct sdk_set set = { 0 };
        struct stat st = { .st_ino = 7, .st_size = 100, .st_mtim = { 5, 6 }, .st_ctim = { 7, 8 } }, other;

        (void)state;
        assert_int_equal(sdk_cache_new(&c), 0);
        assert_null(sdk_cache_get(c, SDK_JS2, &st));
        sdk_set_add(&set, "js2", "2.1.0", 5);
        sdk_cache_put(c, SDK_JS2, &st, &set);
        assert_string_equal(sdks_text(sdk_cache_get(c, SDK_JS2, &st)), "js2 2.1.0");
        assert_null(sdk_cache_get(c, SDK_JS3, &st));
        other = st, other.st_dev = 99;
        assert_non_null(sdk_cache_get(c, SDK_JS2, &other));
        other = st, other.st_ino++;
        assert_null(sdk_cache_get(c, SDK_JS2, &other));
        other = st, other.st_size++;
        assert_null(sdk_cache_get(c, SDK_JS2, &other));
        other = st, other.st_mtim.tv_nsec++;
        assert_null(sdk_cache_get(c, SDK_JS2, &other));
        other = st, other.st_ctim.tv_sec++;
        assert_null(sdk_cache_get(c, SDK_JS2, &other));
        for (unsigned i = 0; i < 100000; i++) {
                other = st, other.st_ino = i;
                sdk_cache_put(c, SDK_JS2, &other, &set);
        }
        sdk_cache_free(c);
}

/* ---- a process: its executable, command line, and files below its root ---- */

#define ARGV(text) { text, sizeof(text) - 1 }
#define MAPS "/proc/self/maps"
#define POLARS "/app/.venv/lib/python3.11/site-packages/polars/polars.abi3.so"
#define POLARS_MAPPED "7f00 r--p 08:01 12 " POLARS "\n7f10 r-xp 08:01 12 " POLARS "\n"
static const struct recognized {
        const char *why, *exe, *bytes;         /* of the executable */
        struct span argv;
        struct { const char *path, *text; } files[3];  /* MAPS: what it has mapped; of a directory, the names in it */
        const char *want;
} recognized[] = {
        { "s3fs, with keys of its own", "/usr/bin/s3fs", "aws s3fs: option ecs cannot be used in conjunction with ibm",
          ARGV("s3fs\0bucket\0/mnt\0-o\0url=http://x,passwd_file=ecs"), { { NULL, NULL } }, "s3fs" },
        { "s3fs -o ecs", "/usr/bin/s3fs", "aws s3fs: option ecs cannot be used in conjunction with ibm",
          ARGV("s3fs\0bucket\0/mnt\0-o\0url=http://x,ecs"), { { NULL, NULL } }, "s3fs-ecs" },
        { "iam_role, as mount(8) gives it", "/usr/bin/s3fs", "aws s3fs: option ecs cannot be used in conjunction with ibm",
          ARGV("s3fs\0bucket\0/mnt\0-oiam_role=auto,rw"), { { NULL, NULL } }, "s3fs-iam-role" },
        { "a tool, not what it is built of", "/usr/bin/x", "github.com/minio/minio-go/v7/pkg/credentials. github.com/restic/restic/internal/backend/s3.",
          ARGV("x"), { { NULL, NULL } }, "restic" },
        { "s3cmd", "/usr/bin/python3.11", "x", ARGV("python3\0/usr/bin/s3cmd\0ls"),
          { { "/usr/lib/python3/dist-packages/S3/PkgInfo.py", "version = \"2.4.0\"\n" }, { "/usr/lib/python3/dist-packages/botocore/__init__.py", "__version__ = '1.29.27'\n" } },
          "s3cmd 2.4.0" },
        { "boto 2 beside botocore", "/usr/bin/python3.11", "x", ARGV("python3\0/app/job"),
          { { "/usr/lib/python3/dist-packages/boto/__init__.py", "__version__ = '2.49.0'\n" }, { "/usr/lib/python3/dist-packages/botocore/__init__.py", "__version__ = '1.29.27'\n" } },
          "boto2 2.49.0, botocore 1.29.27" },
        { "AWS CLI v2 in Debian", "/usr/bin/python3.11", "x", ARGV("/usr/bin/python3\0/usr/bin/aws\0s3\0ls"),
          { { "/usr/lib/python3/dist-packages/awscli/__init__.py", "__version__ = '2.9.19'\n" } }, "cli2 2.9.19" },
        { "a virtual environment", "/usr/bin/python3.11", "x", ARGV("/srv/app/bin/python\0/srv/app/bin/gunicorn\0app"),
          { { "/srv/app/lib/python3.11/site-packages/botocore/__init__.py", "__version__ = '1.34.0'\n" } }, "botocore 1.34.0" },
        { "one of the working directory", "/usr/bin/python3.11", "x", ARGV("python3\0job.py"),
          { { ".venv/lib/python3.11/site-packages/botocore/__init__.py", "__version__ = '1.34.0'\n" } }, "botocore 1.34.0" },
        { "a Ruby program with its list", "/usr/bin/ruby3.1", "x", ARGV("ruby\0/app/job.rb"),
          { { "Gemfile.lock", "    aws-sdk-core (3.168.1)\n" } }, "ruby3 3.168.1" },
        { "a copy of PHP's SDK under another name", "/usr/sbin/php-fpm8.2", "x", ARGV("php-fpm: pool www"),
          { { "/var/www/html/wp-content/plugins/amazon-s3-and-cloudfront/vendor/Aws3/Aws/Sdk.php", "    const VERSION = '3.300.1';\n" } }, "php 3.300.1" },
        { "a compiled module of Python", "/usr/bin/python3.11", "x", ARGV("python3\0job.py"),
          { { MAPS, POLARS_MAPPED }, { POLARS, "/object_store-0.14.2/src/aws/mod.rs" } }, "object-store 0.14.2" },
        { "the same beside botocore", "/usr/bin/python3.11", "x", ARGV("python3\0job.py"),
          { { MAPS, POLARS_MAPPED }, { POLARS, "/object_store-0.14.2/src/aws/mod.rs" },
            { ".venv/lib/python3.11/site-packages/botocore/__init__.py", "__version__ = '1.34.0'\n" } }, "botocore 1.34.0" },
        { "GDAL in Python", "/usr/bin/python3.11", "x", ARGV("python3\0job.py"),
          { { MAPS, "7f00 r-xp 08:01 12 /usr/lib/libgdal.so.34.3.8.5\n" } }, "gdal 3.8.5" },
        { "a class path with a wildcard", "/usr/bin/java", "x", ARGV("java\0-Xmx1g\0-cp\0/app/classes:lib/*\0Main"),
          { { "lib/", "x.jar aws-core-2.20.56.jar" } }, "java2 2.20.56" },
        { "the jars of the working directory", "/usr/bin/java", "x", ARGV("java\0-classpath\0*\0Main"),
          { { ".", "aws-config-jvm-1.8.12.jar" } }, "kotlin 1.8.12" },
        { "a wildcard that is no class path", "/usr/bin/java", "x", ARGV("java\0-cp\0classes\0Main\0*"), { { ".", "aws-core-2.20.56.jar" } }, "" },
        { "a wildcard in a name", "/usr/bin/java", "x", ARGV("java\0-cp\0lib/aws*:\0Main"), { { "lib/", "aws-core-2.20.56.jar" } }, "" },
        { "a wildcard of nothing", "/usr/bin/java", "x", ARGV("java\0-cp\0lib/*\0Main"), { { NULL, NULL } }, "" },
        { "nothing", "/usr/bin/x", "x", ARGV("x\0s3fs\0-o\0ecs"), { { NULL, NULL } }, "" },
};

static const struct recognized *at_work;

static char names_dir[64];             /* "": none was made */

/* A directory with these names, which blanks separate. */
static int names_open(const char *names)
{
        char copy[128], *save;
        int fd;

        snprintf(names_dir, sizeof names_dir, "/tmp/rolewatch-names-XXXXXX");
        snprintf(copy, sizeof copy, "%s", names);
        assert_non_null(mkdtemp(names_dir));
        fd = open(names_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        assert_true(fd >= 0);
        for (char *name = strtok_r(copy, " ", &save); name; name = strtok_r(NULL, " ", &save))
                close(openat(fd, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        return fd;
}

static void names_remove(const char *names)
{
        char copy[128], path[256], *save;

        if (!names_dir[0])
                return;
        snprintf(copy, sizeof copy, "%s", names);
        for (char *name = strtok_r(copy, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
                snprintf(path, sizeof path, "%s/%s", names_dir, name);
                assert_int_equal(unlink(path), 0);
        }
        assert_int_equal(rmdir(names_dir), 0);
        names_dir[0] = '\0';
}

static int files_open(struct broker *b, const struct wire_request *q)
{
        const char *path = q->op == BROKER_MAPS ? MAPS : q->op == BROKER_FILE || q->op == BROKER_DIRECTORY ? q->path : NULL;

        (void)b;
        for (size_t i = 0; path && i < ARRAY_SIZE(at_work->files); i++)
                if (streq(at_work->files[i].path, path))
                        return q->op == BROKER_DIRECTORY ? names_open(at_work->files[i].text) : file_of(at_work->files[i].text, strlen(at_work->files[i].text));
        return -ENOENT;
}

static void a_process_is_recognized(void **state)
{
        (void)state;
        for (at_work = recognized; at_work < recognized + ARRAY_SIZE(recognized); at_work++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                CLEANUP(broker_freep) struct broker *b = NULL;
                CLEANUP(sdk_cache_freep) struct sdk_cache *cache = NULL;
                CLEANUP(closep) int exe = file_of(at_work->bytes, strlen(at_work->bytes));
                struct process p = { .exe = at_work->exe };
                struct sdk_set set = { 0 };
                struct file_view view;

                assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
                assert_int_equal(broker_new("", files_open, &b), 0);
                assert_int_equal(sdk_cache_new(&cache), 0);
                view = (struct file_view){ .a = a, .b = b };
                assert_int_equal(sdk_recognize(&(struct sdk_program){ &view, exe, at_work->argv }, cache, &p), 0);
                names_remove(at_work->files[0].text);
                for (size_t i = 0; i < p.n_sdks; i++)
                        sdk_set_add(&set, p.sdks[i].name, p.sdks[i].version, p.sdks[i].version ? strlen(p.sdks[i].version) : 0);
                if (!streq(sdks_text(&set), at_work->want))
                        fail_msg("%s: \"%s\"", at_work->why, sdks_text(&set));
        }
}

#define RESTIC "github.com/restic/restic/internal/backend/s3.Open"
/* By the executable alone: what an interpreter runs, and what options choose, is not known. */
static void an_executable_is_recognized(void **state)
{
        static const struct { const char *exe, *bytes, *want; } rows[] = {
                { "/usr/bin/x", RESTIC, "restic" },
                { "/usr/local/aws-cli/v2/2.15.0/dist/aws", "x", "cli2 2.15.0" },
                { "/usr/bin/x", "x", "" },
                { "/usr/bin/s3fs", "aws s3fs: option ecs cannot be used in conjunction with ibm", "" },
                { "/usr/bin/python3.11", RESTIC, "" },
                { NULL, RESTIC, "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                CLEANUP(sdk_cache_freep) struct sdk_cache *cache = NULL;
                CLEANUP(closep) int exe = file_of(rows[i].bytes, strlen(rows[i].bytes));
                struct process p = { .exe = rows[i].exe };
                struct sdk_set set = { 0 };

                assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
                assert_int_equal(sdk_cache_new(&cache), 0);
                assert_int_equal(sdk_recognize_executable(&(struct sdk_program){ &(struct file_view){ .a = a }, exe, { NULL, 0 } }, cache, &p), 0);
                for (size_t k = 0; k < p.n_sdks; k++)
                        sdk_set_add(&set, p.sdks[k].name, p.sdks[k].version, p.sdks[k].version ? strlen(p.sdks[k].version) : 0);
                assert_string_equal(sdks_text(&set), rows[i].want);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(texts_name_sdks), cmocka_unit_test(sets_are_bounded),
                cmocka_unit_test(pieces_hide_nothing), cmocka_unit_test(go_lists_its_modules),
                cmocka_unit_test(go_names_its_main_package), cmocka_unit_test(large_executables_are_read_whole),
                cmocka_unit_test(jars_list_their_names), cmocka_unit_test(broken_files_are_harmless),
                cmocka_unit_test(the_cache_knows_files), cmocka_unit_test(a_process_is_recognized),
                cmocka_unit_test(an_executable_is_recognized),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
