#include "found.h"

#define PIECE ((size_t)256 << 10)
#define OVERLAP 1024                   /* longer than a marker, what may follow it, and a version */
#define FOLLOWS_WITHIN 400             /* bytes from a marker to what it says of its version */

static const size_t limits[SDK_FORMAT_MAX] = {
#define X(id, max) [SDK_##id] = (max),
        SDK_FORMATS(X)
#undef X
};

/*
 * The version stands right behind `marker`, or behind the next `then`; NOWHERE:
 * it is not told. `major`: only versions that begin so ('\0': any). `whole`:
 * the marker begins a name, so that no letter, digit or '-' stands before it.
 */
#define NOWHERE ""
struct pattern {
        enum sdk_format format;
        const char *marker, *then, *sdk;
        char major;
        bool whole;
};
static const struct pattern patterns[] = {
        { SDK_BOTOCORE, "__version__ = ", "'", "botocore", '\0', false },
        { SDK_BOTOCORE, "__version__ = ", "\"", "botocore", '\0', false },
        { SDK_AWSCLI, "__version__ = ", "'", "cli2", '2', false },
        { SDK_AWSCLI, "__version__ = ", "\"", "cli2", '2', false },
        { SDK_CLI_PATH, "/aws-cli/v2/", NULL, "cli2", '2', false },
        { SDK_BOTO2, "__version__ = ", "'", "boto2", '2', false },
        { SDK_S3CMD, "version = ", "\"", "s3cmd", '\0', true },
        { SDK_JS2, "\"version\"", "\"", "js2", '2', false },
        { SDK_JS3, "\"version\"", "\"", "js3", '3', false },
        { SDK_NPM_LOCK, "node_modules/aws-sdk\": {", "\"version\": \"", "js2", '2', false },
        { SDK_NPM_LOCK, "node_modules/@aws-sdk/credential-provider-node\": {", "\"version\": \"", "js3",
          '3', false },
        { SDK_PNPM_LOCK, "aws-sdk@", NULL, "js2", '2', true },
        { SDK_PNPM_LOCK, "@aws-sdk/credential-provider-node@", NULL, "js3", '3', false },
        { SDK_YARN_PNP, "[\"aws-sdk\",", "npm:", "js2", '2', false },
        { SDK_YARN_PNP, "[\"@aws-sdk/credential-provider-node\",", "npm:", "js3", '3', false },
        /* Names and messages that minifiers keep; the clients' versions are not the provider's. */
        { SDK_BUNDLE, "EC2MetadataCredentials", NOWHERE, "js2", '\0', false },
        { SDK_BUNDLE, "@aws-sdk/credential-provider-node - defaultProvider", NOWHERE, "js3", '\0', false },
        { SDK_BUNDLE, "The container metadata credential provider cannot be used unless", NOWHERE, "js3", '\0', false },
        { SDK_GEM_LOCK, " aws-sdk-core (", NULL, "ruby2", '2', false },
        { SDK_GEM_LOCK, " aws-sdk-core (", NULL, "ruby3", '3', false },
        { SDK_COMPOSER, "'aws/aws-sdk-php' =>", "'pretty_version' => '", "php", '3', false },
        { SDK_COMPOSER, "\"name\": \"aws/aws-sdk-php\"", "\"version\": \"", "php", '3', false },
        { SDK_COMPOSER, "'async-aws/core' =>", "'pretty_version' => '", "async-aws", '1', false },
        { SDK_COMPOSER, "\"name\": \"async-aws/core\"", "\"version\": \"", "async-aws", '1', false },
        { SDK_PHP_SDK, "const VERSION = ", "'", "php", '3', false },
        { SDK_DEPS_JSON, "\"AWSSDK.Core/", NULL, "dotnet3", '3', false },
        { SDK_DEPS_JSON, "\"AWSSDK.Core/", NULL, "dotnet4", '4', false },
        { SDK_JAR_NAMES, "aws-java-sdk-core-", NULL, "java1", '1', true },
        { SDK_JAR_NAMES, "aws-java-sdk-bundle-", NULL, "java1", '1', true },
        { SDK_JAR_NAMES, "aws-core-", NULL, "java2", '2', true },
        { SDK_JAR_NAMES, "aws-config-jvm-", NULL, "kotlin", '1', true },
        { SDK_JAR_NAMES, "hadoop-aws-", NULL, "s3a", '3', true },
        { SDK_JAR, "hadoop-aws-", NULL, "s3a", '3', true },
        { SDK_JAR, "aws-java-sdk-core-", NULL, "java1", '1', true },
        { SDK_JAR, "aws-java-sdk-bundle-", NULL, "java1", '1', true },
        { SDK_JAR, "aws-core-", NULL, "java2", '2', true },
        { SDK_JAR, "aws-config-jvm-", NULL, "kotlin", '1', true },
        /* Shaded into a program's own jar: the place names may have been moved, the class names stay. */
        { SDK_JAR, "/auth/DefaultAWSCredentialsProviderChain.class", NOWHERE, "java1", '\0', false },
        { SDK_JAR, "/auth/credentials/DefaultCredentialsProvider.class", NOWHERE, "java2", '\0', false },
        { SDK_JAR, "/auth/credentials/DefaultChainCredentialsProvider.class", NOWHERE, "kotlin", '\0', false },
        { SDK_MAPS, "/libaws-cpp-sdk-core.so", NOWHERE, "cpp", '\0', false },
        { SDK_MAPS, "/libaws-c-auth.so", NOWHERE, "crt", '\0', false },
        /* The number of its interface stands before the release: the one of each release from 3.6 to 3.12. */
        { SDK_MAPS, "/libgdal", NOWHERE, "gdal", '\0', false },
        { SDK_MAPS, "/libgdal", ".so.32.", "gdal", '3', false },
        { SDK_MAPS, "/libgdal", ".so.33.", "gdal", '3', false },
        { SDK_MAPS, "/libgdal", ".so.34.", "gdal", '3', false },
        { SDK_MAPS, "/libgdal", ".so.35.", "gdal", '3', false },
        { SDK_MAPS, "/libgdal", ".so.36.", "gdal", '3', false },
        { SDK_MAPS, "/libgdal", ".so.37.", "gdal", '3', false },
        { SDK_MAPS, "/libgdal", ".so.38.", "gdal", '3', false },
        { SDK_EXECUTABLE, "github.com/aws/aws-sdk-go/aws/session.", NOWHERE, "go1", '\0', false },
        { SDK_EXECUTABLE, "github.com/aws/aws-sdk-go-v2/config.", NOWHERE, "go2", '\0', false },
        { SDK_EXECUTABLE, "github.com/minio/minio-go/v7/pkg/credentials.", NOWHERE, "minio-go", '\0', false },
        { SDK_EXECUTABLE, "github.com/minio/minio-go/v6/pkg/credentials.", NOWHERE, "minio-go", '\0', false },
        /* Tools, where Go's build information is not there, and those in C and C++. */
        { SDK_EXECUTABLE, "github.com/docker/distribution/registry/storage/driver/s3-aws.", NOWHERE, "registry", '\0', false },
        { SDK_EXECUTABLE, "github.com/restic/restic/internal/backend/s3.", NOWHERE, "restic", '\0', false },
        { SDK_EXECUTABLE, "github.com/aws/amazon-cloudwatch-agent/cfg/aws.", NOWHERE, "cloudwatch-agent", '\0', false },
        { SDK_EXECUTABLE, "HINT: is a valid IAM role associated with this instance?", NOWHERE, "pgbackrest", '\0', false },
        { SDK_EXECUTABLE, "s3fs: option ecs cannot be used in conjunction with ibm", NOWHERE, "s3fs", '\0', false },
        { SDK_EXECUTABLE, "[aws_credentials] Initialized EC2 Provider in standard chain", NOWHERE, "fluent-bit", '\0', false },
        { SDK_EXECUTABLE, "CPL_AWS_CREDENTIALS_FILE", NOWHERE, "gdal", '\0', false },
        /* Crates that a program has from a repository and not from crates.io; others: crates below. */
        { SDK_EXECUTABLE, "/reqsign/src/aws/", NOWHERE, "opendal", '\0', false },
        { SDK_EXECUTABLE, "/object_store/src/aws/", NOWHERE, "object-store", '\0', false },
        { SDK_EXECUTABLE, "/aws-config-", NULL, "rust", '\0', false },
        { SDK_EXECUTABLE, "aws-sdk-rust/", NOWHERE, "rust", '\0', false },
        { SDK_EXECUTABLE, "DefaultAWSCredentialsProviderChain", NOWHERE, "cpp", '\0', false },
        { SDK_EXECUTABLE, "libaws-cpp-sdk-core.so", NOWHERE, "cpp", '\0', false },
        { SDK_EXECUTABLE, "libaws-c-auth.so", NOWHERE, "crt", '\0', false },
        { SDK_EXECUTABLE, "aws-c-auth: AWS_AUTH_", NOWHERE, "crt", '\0', false },
        { SDK_EXECUTABLE, "AWSSDK.Core/", NULL, "dotnet3", '3', true },
        { SDK_EXECUTABLE, "AWSSDK.Core/", NULL, "dotnet4", '4', true },
        { SDK_EXECUTABLE, "@aws-sdk/credential-provider-node - defaultProvider", NOWHERE, "js3", '\0', false },
};

/*
 * Crates of Rust, by the paths of their files in messages: the crate, and behind its version a file that has to do with AWS.
 * A chain of its own is in each.
 */
static const struct {
        const char *crate, *file, *sdk;
} crates[] = {
        { "/reqsign-", "/src/aws/", "opendal" },
        { "/reqsign-aws-v4-", "/src/provide_credential/imds", "opendal" },
        { "/reqsign-aws-core-", "/src/provide_credential/imds", "opendal" },
        { "/object_store-", "/src/aws/", "object-store" },
};

void sdk_set_add(struct sdk_set *set, const char *sdk, const char *version, size_t len)
{
        struct sdk_found *f = NULL;

        if (len >= SDK_VERSION_MAX)
                len = 0;
        for (size_t i = 0; i < set->n && !f; i++)
                if (streq(set->found[i].sdk, sdk) &&
                    (!len || !set->found[i].version[0] ||
                     (strlen(set->found[i].version) == len &&
                      memcmp(set->found[i].version, version, len) == 0)))
                        f = &set->found[i];
        if (!f && set->n < SDKS_MAX)
                f = &set->found[set->n++];
        if (!f)
                return;
        f->sdk = sdk;
        if (len) {
                memcpy(f->version, version, len);
                f->version[len] = '\0';
        }
}

void sdk_set_merge(struct sdk_set *set, const struct sdk_set *more)
{
        for (size_t i = 0; i < more->n; i++)
                sdk_set_add(set, more->found[i].sdk, more->found[i].version,
                            strlen(more->found[i].version));
}

static bool digit(char c) { return c >= '0' && c <= '9'; }

/* Length of "1.2.3" at the start of a text, without what a release may add behind; 0: no version. */
static size_t version_len(const char *s, size_t len)
{
        size_t n = 0, whole = 0;
        bool dot = false;

        while (n < len && (digit(s[n]) || (s[n] == '.' && n > 0 && digit(s[n - 1])))) {
                dot = dot || (s[n] == '.');
                n++;
                if (digit(s[n - 1]))
                        whole = n;
        }
        return dot && memchr(s, '.', whole) ? whole : 0;
}

static bool name_char(char c)
{
        return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/* `at` is behind the marker. */
static void found_at(const struct pattern *p, const char *at, size_t left, struct sdk_set *set)
{
        size_t n;

        if (p->then && !*p->then) {
                sdk_set_add(set, p->sdk, NULL, 0);
                return;
        }
        if (p->then) {
                const char *then = memmem(at, left < FOLLOWS_WITHIN ? left : FOLLOWS_WITHIN, p->then,
                                          strlen(p->then));

                if (!then)
                        return;
                left -= (size_t)(then - at) + strlen(p->then);
                at = then + strlen(p->then);
        }
        n = version_len(at, left);
        if (n && (!p->major || *at == p->major))
                sdk_set_add(set, p->sdk, at, n);
}

static void crates_scan(const char *buf, size_t len, struct sdk_set *set)
{
        for (size_t i = 0; i < ARRAY_SIZE(crates); i++) {
                size_t crate = strlen(crates[i].crate), file = strlen(crates[i].file);
                const char *at = buf, *hit;

                while ((hit = memmem(at, len - (size_t)(at - buf), crates[i].crate, crate))) {
                        size_t left = len - (size_t)(hit - buf) - crate, n;

                        at = hit + crate;
                        n = version_len(at, left);
                        if (n && left - n >= file && memcmp(at + n, crates[i].file, file) == 0)
                                sdk_set_add(set, crates[i].sdk, at, n);
                }
        }
}

void sdk_scan(enum sdk_format format, const char *buf, size_t len, struct sdk_set *set)
{
        if (format == SDK_EXECUTABLE)
                crates_scan(buf, len, set);
        for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
                const struct pattern *p = &patterns[i];
                size_t marker = strlen(p->marker);
                const char *at = buf, *hit;

                if (p->format != format)
                        continue;
                while ((hit = memmem(at, len - (size_t)(at - buf), p->marker, marker))) {
                        at = hit + marker;
                        if (!p->whole || hit == buf || !name_char(hit[-1]))
                                found_at(p, at, len - (size_t)(at - buf), set);
                }
        }
}

/* Most of an executable is about something else: a few quick looks, not one for each pattern, which all have one of these. */
static bool worth_it(enum sdk_format format, const char *buf, size_t len)
{
        static const char *const words[] = { "aws", "AWS", "minio", "restic", "IAM role", "s3fs" };

        for (size_t i = 0; format == SDK_EXECUTABLE && i < ARRAY_SIZE(words); i++)
                if (memmem(buf, len, words[i], strlen(words[i])))
                        return true;
        return format != SDK_EXECUTABLE;
}

int sdk_scan_file(enum sdk_format format, const struct file_part *part, struct sdk_set *set)
{
        CLEANUP(freep) char *buf = malloc(PIECE + OVERLAP);
        uint64_t from = part->from, end = part->end;
        size_t overlap = 0;

        if (!buf)
                return -ENOMEM;
        if (end - from > limits[format])
                end = from + limits[format];
        while (from < end) {
                size_t want = end - from < PIECE ? (size_t)(end - from) : PIECE;
                ssize_t n = pread(part->fd, buf + overlap, want, (off_t)from);
                size_t have;

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return n < 0 ? -errno : 0;
                have = overlap + (size_t)n;
                if (worth_it(format, buf, have))
                        sdk_scan(format, buf, have, set);
                overlap = have < OVERLAP ? have : OVERLAP;
                memmove(buf, buf + have - overlap, overlap);
                from += (uint64_t)n;
        }
        return 0;
}

int sdk_read_at(int fd, uint64_t at, void *buf, size_t len)
{
        size_t n = 0;

        while (n < len) {
                ssize_t k = pread(fd, (char *)buf + n, len - n, (off_t)(at + n));

                if (k < 0 && errno == EINTR)
                        continue;
                if (k < 0)
                        return -errno;
                if (k == 0)
                        return -EBADMSG;
                n += (size_t)k;
        }
        return 0;
}
