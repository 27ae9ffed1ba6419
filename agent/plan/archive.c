#define OPENSSL_SUPPRESS_DEPRECATED    /* as agent/base/digest.c */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include "archive.h"
#include "rolewatch/io.h"

#define BUFFER_SIZE ((size_t)64 << 10)

/* ---- ranges ---- */

int range_read(const struct range *r, uint64_t at, void *buf, size_t len)
{
        for (size_t n = 0; n < len;) {
                ssize_t k = pread(r->fd, (char *)buf + n, len - n, (off_t)(r->offset + at + n));

                if (k < 0 && errno == EINTR)
                        continue;
                if (k <= 0)
                        return k < 0 ? -errno : -EIO;
                n += (size_t)k;
        }
        return 0;
}

int range_text(const struct range *r, size_t max, char **ret)
{
        CLEANUP(freep) char *text = NULL;
        int k;

        if (r->size > max)
                return -EFBIG;
        text = malloc(r->size + 1);
        if (!text)
                return -ENOMEM;
        k = range_read(r, 0, text, r->size);
        if (k < 0)
                return k;
        text[r->size] = '\0';
        *ret = TAKE(text);
        return 0;
}

int range_sha256(const struct range *r, char ret[SHA256_HEX_SIZE])
{
        CLEANUP(freep) char *buf = malloc(BUFFER_SIZE);
        unsigned char hash[SHA256_DIGEST_LENGTH];
        SHA256_CTX sha;

        if (!buf)
                return -ENOMEM;
        SHA256_Init(&sha);
        for (uint64_t at = 0; at < r->size;) {
                size_t n = r->size - at < BUFFER_SIZE ? (size_t)(r->size - at) : BUFFER_SIZE;
                int k = range_read(r, at, buf, n);

                if (k < 0)
                        return k;
                SHA256_Update(&sha, buf, n);
                at += n;
        }
        SHA256_Final(hash, &sha);
        for (size_t i = 0; i < sizeof hash; i++)
                snprintf(ret + 2 * i, 3, "%02x", hash[i]);
        return 0;
}

bool range_is_compressed(const struct range *r)
{
        static const unsigned char gzip[] = { 0x1f, 0x8b }, zstd[] = { 0x28, 0xb5, 0x2f, 0xfd };
        unsigned char head[sizeof zstd];

        return r->size >= sizeof head && range_read(r, 0, head, sizeof head) == 0 && (memcmp(head, gzip, sizeof gzip) == 0 || memcmp(head, zstd, sizeof zstd) == 0);
}

/* ---- memory files ---- */

static int memory_open(void)
{
        int fd = memfd_create("rolewatch", MFD_CLOEXEC | MFD_ALLOW_SEALING);

        return fd < 0 ? -errno : fd;
}

static int memory_seal(int fd)
{
        return lseek(fd, 0, SEEK_SET) < 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0 ? -errno : 0;
}

/* ---- readers ---- */

struct tar {
        struct range range;
        uint64_t at;                   /* of the range */
        struct archive *tar, *raw;     /* raw: what unpacks; NULL: nothing is compressed */
        struct unpack_budget *budget;
        int stored;                      /* what was unpacked, as far as the budget allows; -1 */
        uint64_t n_stored;
        int error;                     /* -errno that ended a callback */
        char packed[BUFFER_SIZE], unpacked[BUFFER_SIZE];
};

void tar_free(struct tar *t)
{
        if (t->tar)
                archive_read_free(t->tar);
        if (t->raw)
                archive_read_free(t->raw);
        closep(&t->stored);
        free(t);
}

static ssize_t on_read(struct archive *a, void *userdata, const void **ret)
{
        struct tar *t = userdata;
        uint64_t left = t->range.size - t->at;
        size_t n = left < sizeof t->packed ? (size_t)left : sizeof t->packed;

        (void)a;
        t->error = range_read(&t->range, t->at, t->packed, n);
        if (t->error < 0)
                return ARCHIVE_FATAL;
        t->at += n;
        *ret = t->packed;
        return (ssize_t)n;
}

static int64_t on_skip(struct archive *a, void *userdata, int64_t bytes)
{
        struct tar *t = userdata;
        uint64_t left = t->range.size - t->at, n = bytes < 0 ? 0 : (uint64_t)bytes;

        (void)a;
        n = n < left ? n : left;
        t->at += n;
        return (int64_t)n;
}

/* Keeps what was unpacked as long as the budget and the memory allow it. */
static void unpacked_store(struct tar *t, size_t n)
{
        if (t->stored < 0)
                return;
        if (n <= t->budget->stored && write_all(t->stored, t->unpacked, n) == 0) {
                t->budget->stored -= n;
                t->n_stored += n;
                return;
        }
        t->budget->stored += t->n_stored;
        close(TAKE_FD(t->stored));
}

static ssize_t on_read_unpacked(struct archive *a, void *userdata, const void **ret)
{
        struct tar *t = userdata;
        ssize_t n = archive_read_data(t->raw, t->unpacked, sizeof t->unpacked);

        (void)a;
        if (n < 0 || (uint64_t)n > t->budget->unpacked) {
                t->error = t->error < 0 ? t->error : n < 0 ? -EBADMSG : -EFBIG;
                return ARCHIVE_FATAL;
        }
        t->budget->unpacked -= (uint64_t)n;
        unpacked_store(t, (size_t)n);
        *ret = t->unpacked;
        return n;
}

static int reader_error(struct tar *t, struct archive *a, struct text *error)
{
        const char *why = archive_error_string(a);
        int r = t->error < 0 ? t->error : -EBADMSG;

        if (r == -EFBIG)
                text_addf(error, "it unpacks to more than %llu GiB", (unsigned long long)(IMAGE_UNPACKED_MAX >> 30));
        else if (r != -EBADMSG)
                text_addf(error, "%s", strerror(-r));
        else
                text_escape_cut(error, why ? why : "it cannot be read", strlen(why ? why : "it cannot be read"), 200);
        text_addf(error, " at byte %llu", (unsigned long long)t->at);
        return r;
}

/* libarchive would start programs for a compression that it was built without, and then says ARCHIVE_WARN. */
static int raw_open(struct tar *t, struct text *error)
{
        struct archive_entry *e;

        t->raw = archive_read_new();
        if (!t->raw)
                return -ENOMEM;
        if (archive_read_support_filter_gzip(t->raw) != ARCHIVE_OK || archive_read_support_filter_zstd(t->raw) != ARCHIVE_OK) {
                text_add(error, "libarchive was built without gzip or zstd");
                return -EOPNOTSUPP;
        }
        if (archive_read_support_format_raw(t->raw) != ARCHIVE_OK || archive_read_open2(t->raw, t, NULL, on_read, on_skip, NULL) != ARCHIVE_OK ||
            archive_read_next_header(t->raw, &e) != ARCHIVE_OK)
                return reader_error(t, t->raw, error);
        t->stored = memory_open();
        return t->stored < 0 ? t->stored : 0;
}

/* The reader without its tar part. */
static int reader_new(const struct range *r, struct unpack_budget *budget, struct text *error, struct tar **ret)
{
        CLEANUP(tar_freep) struct tar *t = calloc(1, sizeof *t);
        int k = 0;

        if (!t)
                return -ENOMEM;
        t->range = *r;
        t->budget = budget;
        t->stored = -1;
        if (range_is_compressed(r))
                k = raw_open(t, error);
        if (k == 0)
                *ret = TAKE(t);
        return k;
}

int tar_open(const struct range *r, struct unpack_budget *budget, struct text *error, struct tar **ret)
{
        CLEANUP(tar_freep) struct tar *t = NULL;
        int k = reader_new(r, budget, error, &t);

        if (k < 0)
                return k;
        t->tar = archive_read_new();
        if (!t->tar)
                return -ENOMEM;
        if (archive_read_support_format_tar(t->tar) != ARCHIVE_OK ||
            archive_read_open2(t->tar, t, NULL, t->raw ? on_read_unpacked : on_read, t->raw ? NULL : on_skip, NULL) != ARCHIVE_OK)
                return reader_error(t, t->tar, error);
        *ret = TAKE(t);
        return 0;
}

int tar_next(struct tar *t, struct text *error, struct archive_entry **ret, uint64_t *ret_position)
{
        int r = archive_read_next_header(t->tar, ret);

        if (r == ARCHIVE_EOF)
                return 0;
        if (r < ARCHIVE_WARN)
                return reader_error(t, t->error < 0 && t->raw ? t->raw : t->tar, error);
        *ret_position = (uint64_t)archive_read_header_position(t->tar);
        return 1;
}

uint64_t tar_data_position(const struct tar *t) { return (uint64_t)archive_filter_bytes(t->tar, 0); }

int tar_unpacked(struct tar *t, struct range *ret, int *ret_owned)
{
        int r;

        *ret_owned = -1;
        if (!t->raw) {
                *ret = t->range;
                return 0;
        }
        if (t->stored < 0)
                return -EFBIG;
        r = memory_seal(t->stored);
        if (r < 0)
                return r;
        *ret_owned = TAKE_FD(t->stored);
        *ret = (struct range){ *ret_owned, 0, t->n_stored };
        return 0;
}

/* ---- copies ---- */

static int entry_copy(struct tar *t, uint64_t size, int to)
{
        uint64_t total = 0;

        for (ssize_t n; (n = archive_read_data(t->tar, t->unpacked, sizeof t->unpacked)) != 0;) {
                int r = n < 0 ? -EIO : write_all(to, t->unpacked, (size_t)n);

                total += n < 0 ? 0 : (uint64_t)n;
                if (r < 0 || total > size)
                        return r < 0 ? r : -EIO;
        }
        return total == size ? memory_seal(to) : -EIO;
}

int tar_copy(const struct range *r, uint64_t position, uint64_t size)
{
        CLEANUP(text_done) struct text why = { 0 };
        CLEANUP(tar_freep) struct tar *t = NULL;
        CLEANUP(closep) int fd = -1;
        struct unpack_budget none = { 0, 0 };
        struct archive_entry *e;
        uint64_t at;
        int k = position < r->size ? tar_open(&(struct range){ r->fd, r->offset + position, r->size - position }, &none, &why, &t) : -EIO;

        if (k == 0)
                k = tar_next(t, &why, &e, &at) == 1 && (uint64_t)archive_entry_size(e) == size ? 0 : -EIO;
        if (k == 0)
                k = fd = memory_open();
        if (k >= 0)
                k = entry_copy(t, size, fd);
        return k < 0 ? k : TAKE_FD(fd);
}

int range_unpack(const struct range *r, struct unpack_budget *budget, struct text *error, struct range *ret)
{
        CLEANUP(tar_freep) struct tar *t = NULL;
        const void *buf;
        int owned, k = reader_new(r, budget, error, &t);
        ssize_t n = 1;

        while (k == 0 && n > 0 && t->stored >= 0) {
                n = on_read_unpacked(t->raw, t, &buf);
                if (n < 0)
                        k = reader_error(t, t->raw, error);
        }
        if (k == 0)
                k = tar_unpacked(t, ret, &owned);
        if (k == -EFBIG && !error->s)
                text_addf(error, "it unpacks to more than %llu MiB; decompress it first", (unsigned long long)(IMAGE_STORED_MAX >> 20));
        return k;
}
