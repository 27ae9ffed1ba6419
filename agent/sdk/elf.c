/*
 * Go's build information (debug/buildinfo of its standard library): a section
 * of its own, since Go 1.18 with the text in it, before that with pointers to
 * it. Only 64-bit little-endian files: ECS has no other machines.
 */
#include <elf.h>
#include "found.h"

#define SECTIONS_MAX 512
#define SEGMENTS_MAX 64
#define NAMES_MAX ((size_t)64 << 10)
#define MODULES_MAX ((size_t)1 << 20)
#define MAGIC "\xff Go buildinf:"
#define HEADER_SIZE 32
#define INLINE_FLAG 2
#define SENTINEL 16                    /* bytes before and behind the module text */

struct elf {
        int fd;
        Elf64_Ehdr head;
        Elf64_Phdr segments[SEGMENTS_MAX];
};

static int elf_open(int fd, struct elf *e)
{
        int r;

        e->fd = fd;
        r = sdk_read_at(fd, 0, &e->head, sizeof e->head);
        if (r < 0)
                return r;
        if (memcmp(e->head.e_ident, ELFMAG, SELFMAG) != 0 ||
            e->head.e_ident[EI_CLASS] != ELFCLASS64 || e->head.e_ident[EI_DATA] != ELFDATA2LSB ||
            e->head.e_phentsize != sizeof *e->segments || e->head.e_phnum > SEGMENTS_MAX)
                return -EBADMSG;
        return sdk_read_at(fd, e->head.e_phoff, e->segments, e->head.e_phnum * sizeof *e->segments);
}

/* The section of this name, or -ENOENT. */
static int elf_section(const struct elf *e, const char *name, Elf64_Shdr *ret)
{
        size_t n = e->head.e_shnum;
        CLEANUP(freep) Elf64_Shdr *sections = calloc(n + 1, sizeof *sections);
        CLEANUP(freep) char *names = calloc(1, NAMES_MAX + 1);
        size_t len;
        int r;

        if (!sections || !names)
                return -ENOMEM;
        if (n > SECTIONS_MAX || e->head.e_shentsize != sizeof *sections || e->head.e_shstrndx >= n)
                return -ENOENT;
        r = sdk_read_at(e->fd, e->head.e_shoff, sections, n * sizeof *sections);
        if (r < 0)
                return r;
        len = sections[e->head.e_shstrndx].sh_size;
        if (len > NAMES_MAX)
                return -ENOENT;
        r = sdk_read_at(e->fd, sections[e->head.e_shstrndx].sh_offset, names, len);
        if (r < 0)
                return r;
        for (size_t i = 0; i < n; i++)
                if (sections[i].sh_name < len && streq(names + sections[i].sh_name, name)) {
                        *ret = sections[i];
                        return 0;
                }
        return -ENOENT;
}

/* Bytes at an address of the loaded program. */
static int elf_memory(const struct elf *e, uint64_t address, void *buf, size_t len)
{
        for (size_t i = 0; i < e->head.e_phnum; i++) {
                const Elf64_Phdr *s = &e->segments[i];

                if (s->p_type == PT_LOAD && address >= s->p_vaddr && s->p_filesz >= len &&
                    address - s->p_vaddr <= s->p_filesz - len)
                        return sdk_read_at(e->fd, s->p_offset + (address - s->p_vaddr), buf, len);
        }
        return -EBADMSG;
}

/* A length before its text: seven bits a byte, the lowest first. Moves *at behind it. */
static int varint(const unsigned char *buf, size_t len, size_t *at, uint64_t *ret)
{
        uint64_t value = 0;

        for (unsigned shift = 0; shift < 63 && *at < len; shift += 7) {
                unsigned char b = buf[(*at)++];

                value |= (uint64_t)(b & 0x7f) << shift;
                if (!(b & 0x80)) {
                        *ret = value;
                        return 0;
                }
        }
        return -EBADMSG;
}

/* Two texts follow: the version of Go, and the modules. */
static int inline_modules(const unsigned char *info, size_t len, size_t *ret_at, size_t *ret_len)
{
        size_t at = HEADER_SIZE;
        uint64_t n = 0;

        for (int text = 0; text < 2; text++) {
                if (varint(info, len, &at, &n) < 0 || n > len - at)
                        return -EBADMSG;
                if (text == 0)
                        at += n;
        }
        *ret_at = at;
        *ret_len = n;
        return 0;
}

/* Before Go 1.18: the address of a Go string, which is an address and a length. */
static int pointed_modules(const struct elf *e, const unsigned char *info, char **ret, size_t *ret_len)
{
        uint64_t address, string[2];
        CLEANUP(freep) char *text = NULL;
        int r;

        memcpy(&address, info + 24, sizeof address);
        if (info[14] != sizeof address || info[15] != 0)
                return -EBADMSG;
        r = elf_memory(e, address, string, sizeof string);
        if (r < 0)
                return r;
        if (string[1] > MODULES_MAX)
                return -EBADMSG;
        text = malloc(string[1] + 1);
        if (!text)
                return -ENOMEM;
        r = elf_memory(e, string[0], text, string[1]);
        if (r < 0)
                return r;
        *ret_len = string[1];
        *ret = TAKE(text);
        return 0;
}

/* -EBADMSG: nothing that Go has left there. */
static int go_scan(const struct elf *e, const Elf64_Shdr *section, struct sdk_set *set)
{
        size_t len = section->sh_size < MODULES_MAX ? (size_t)section->sh_size : MODULES_MAX, at, n;
        CLEANUP(freep) unsigned char *info = malloc(len + 1);
        CLEANUP(freep) char *text = NULL;
        const char *list;
        int r;

        if (!info)
                return -ENOMEM;
        if (len < HEADER_SIZE || sdk_read_at(e->fd, section->sh_offset, info, len) < 0 ||
            memcmp(info, MAGIC, sizeof MAGIC - 1) != 0)
                return -EBADMSG;
        r = info[15] & INLINE_FLAG ? inline_modules(info, len, &at, &n) : pointed_modules(e, info, &text, &n);
        if (r < 0)
                return r;
        list = text ? text : (const char *)info + at;
        return sdk_go_modules(list, n, set) ? 0 : -EBADMSG;
}

static const struct {
        const char *path, *sdk;
} modules[] = {
        { "github.com/aws/aws-sdk-go\t", "go1" },
        { "github.com/aws/aws-sdk-go-v2\t", "go2" },
        { "github.com/minio/minio-go/v6\t", "minio-go" },
        { "github.com/minio/minio-go/v7\t", "minio-go" },
};
/* Main packages, and the modules that they are of. */
static const struct {
        const char *package, *module, *sdk;
} mains[] = {
        { "github.com/docker/distribution/cmd/registry", "github.com/docker/distribution\t", "registry" },
        { "github.com/restic/restic/cmd/restic", "github.com/restic/restic\t", "restic" },
        { "github.com/rclone/rclone", "github.com/rclone/rclone\t", "rclone" },
        { "github.com/aws/amazon-cloudwatch-agent/cmd/amazon-cloudwatch-agent", "github.com/aws/amazon-cloudwatch-agent\t",
          "cloudwatch-agent" },
};

/* "v1.44.133\th1:..." -> "1.44.133" */
static void module_add(const char *sdk, const char *version, const char *end, struct sdk_set *set)
{
        size_t n = 0;

        version += version < end && *version == 'v';
        while (version + n < end && ((version[n] >= '0' && version[n] <= '9') || version[n] == '.'))
                n++;
        sdk_set_add(set, sdk, version, n);
}

/* Is the rest of a line this word? */
static bool line_is(const char *at, const char *end, const char *word)
{
        return (size_t)(end - at) == strlen(word) && memcmp(at, word, strlen(word)) == 0;
}

static bool line_begins(const char *at, const char *end, const char *word)
{
        return (size_t)(end - at) > strlen(word) && memcmp(at, word, strlen(word)) == 0;
}

/* "path\tPACKAGE": the program is a tool. */
static bool main_add(const char *at, const char *end, struct sdk_set *set)
{
        for (size_t i = 0; i < ARRAY_SIZE(mains); i++)
                if (line_is(at, end, mains[i].package)) {
                        sdk_set_add(set, mains[i].sdk, NULL, 0);
                        return true;
                }
        return false;
}

/* "mod\tMODULE\tv1.69.0\t...": its release, where it is built of one; "(devel)" else. */
static void main_version(const char *at, const char *end, struct sdk_set *set)
{
        for (size_t i = 0; i < ARRAY_SIZE(mains); i++)
                if (line_begins(at, end, mains[i].module))
                        for (size_t k = 0; k < set->n; k++)
                                if (streq(set->found[k].sdk, mains[i].sdk))
                                        module_add(mains[i].sdk, at + strlen(mains[i].module), end, set);
}

bool sdk_go_modules(const char *text, size_t len, struct sdk_set *set)
{
        const char *stop = text + len;
        bool any = false;

        if (len >= (size_t)2 * SENTINEL) {
                text += SENTINEL;
                stop -= SENTINEL;
        }
        while (text < stop) {
                const char *end = memchr(text, '\n', (size_t)(stop - text));

                end = end ? end : stop;
                if (line_begins(text, end, "path\t"))
                        any = main_add(text + 5, end, set) || any;
                if (line_begins(text, end, "mod\t"))
                        main_version(text + 4, end, set);
                if (end - text > 4 && memcmp(text, "dep\t", 4) == 0) {
                        any = true;
                        for (size_t i = 0; i < ARRAY_SIZE(modules); i++) {
                                size_t n = strlen(modules[i].path);

                                if ((size_t)(end - text - 4) > n &&
                                    memcmp(text + 4, modules[i].path, n) == 0)
                                        module_add(modules[i].sdk, text + 4 + n, end, set);
                        }
                }
                text = end < stop ? end + 1 : stop;
        }
        return any;
}

int sdk_scan_executable(int fd, uint64_t size, struct sdk_set *set)
{
        Elf64_Shdr section;
        struct elf e = { 0 };
        int r = elf_open(fd, &e);

        if (r == 0)
                r = elf_section(&e, ".go.buildinfo", &section);
        if (r == 0)
                r = go_scan(&e, &section, set);
        return r == 0 || r == -ENOMEM ? r : sdk_scan_file(SDK_EXECUTABLE, &(struct file_part){ fd, 0, size }, set);
}
