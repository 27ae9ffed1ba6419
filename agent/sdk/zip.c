/* The names of a jar: its central directory, which stands right before the record that ends a zip file. */
#include "found.h"

#define END_SIZE 22
#define COMMENT_MAX 0xffff
#define CENTRAL_SIZE_AT 12             /* in the end record, 32 bits, little-endian */

static const unsigned char end_magic[4] = { 'P', 'K', 5, 6 };

static uint32_t le32(const unsigned char *p)
{
        return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

int sdk_scan_jar(int fd, uint64_t size, struct sdk_set *set)
{
        size_t tail = size < END_SIZE + COMMENT_MAX ? (size_t)size : END_SIZE + COMMENT_MAX;
        CLEANUP(freep) unsigned char *buf = malloc(tail + 1);
        int r;

        if (!buf)
                return -ENOMEM;
        r = sdk_read_at(fd, size - tail, buf, tail);
        if (r < 0)
                return r;
        for (size_t at = tail; at-- > 0;) {
                uint64_t end = size - tail + at, central;

                if (tail - at < END_SIZE || memcmp(buf + at, end_magic, sizeof end_magic) != 0)
                        continue;
                central = le32(buf + at + CENTRAL_SIZE_AT);
                if (central > end)
                        continue;
                return sdk_scan_file(SDK_JAR, &(struct file_part){ fd, end - central, end }, set);
        }
        return -EBADMSG;
}
