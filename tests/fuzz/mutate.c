/* See fuzz.h: mutators that keep the form and change what it says. */
#include <stdlib.h>
#include "fuzz.h"

#define NODES_MAX 256

/* xorshift: the fuzzer's seed decides all. */
static unsigned next(unsigned *x)
{
        *x ^= *x << 13;
        *x ^= *x >> 17;
        *x ^= *x << 5;
        return *x;
}

static const char *word(unsigned *x, const char *const *words, size_t n)
{
        return words[next(x) % n];
}

static size_t nodes_of(cJSON *j, cJSON **list, size_t n)
{
        for (; j && n < NODES_MAX; j = j->next) {
                list[n++] = j;
                n = nodes_of(j->child, list, n);
        }
        return n;
}

static void set_string(cJSON *j, const char *s)
{
        cJSON *fresh = cJSON_CreateString(s);

        if (fresh && cJSON_IsString(j)) {
                char *old = j->valuestring;

                j->valuestring = fresh->valuestring;
                fresh->valuestring = old;
        }
        cJSON_Delete(fresh);
}

static void rename_key(cJSON *j, const char *s)
{
        char *fresh = j->string && !(j->type & cJSON_StringIsConst) ? strdup(s) : NULL;

        if (fresh) {
                cJSON_free(j->string);
                j->string = fresh;
        }
}

/* A piece of one text in the middle of another. */
static void splice(cJSON *j, const char *s, unsigned *x)
{
        size_t len = strlen(j->valuestring), at = next(x) % (len + 1);
        CLEANUP(freep) char *text = NULL;

        if (len > 4096 || asprintf(&text, "%.*s%s%s", (int)at, j->valuestring, s, j->valuestring + at) < 0)
                return;
        set_string(j, text);
}

static void add_to(cJSON *to, cJSON *fresh, unsigned *x, const char *const *words, size_t n)
{
        bool good = fresh && (cJSON_IsArray(to)    ? cJSON_AddItemToArray(to, fresh)
                              : cJSON_IsObject(to) ? cJSON_AddItemToObject(to, word(x, words, n), fresh)
                                                   : false);

        if (!good)
                cJSON_Delete(fresh);
}

static void mutate_node(cJSON *root, unsigned *x, const char *const *words, size_t n)
{
        cJSON *list[NODES_MAX], *a, *b;
        size_t count = nodes_of(root, list, 0);
        static const double numbers[] = { 0, -1, 1, 1e15, -1e15, 9007199254740993.0, 1.5, 253402300800.0 };

        a = list[next(x) % count];
        b = list[next(x) % count];
        switch (next(x) % 9) {
        case 0:
                set_string(a, word(x, words, n));
                break;
        case 1:
                rename_key(a, word(x, words, n));
                break;
        case 2:
                if (cJSON_IsString(a))
                        splice(a, word(x, words, n), x);
                break;
        case 3:
                add_to(a, cJSON_Duplicate(b, true), x, words, n);
                break;
        case 4:
                add_to(a, cJSON_CreateString(word(x, words, n)), x, words, n);
                break;
        case 5:
                if (a->child)
                        cJSON_Delete(cJSON_DetachItemViaPointer(a, a->child));
                break;
        case 6:
                if (cJSON_IsNumber(a))
                        cJSON_SetNumberHelper(a, numbers[next(x) % ARRAY_SIZE(numbers)]);
                break;
        case 7:
                if (cJSON_IsString(a) && cJSON_IsString(b))
                        splice(a, b->valuestring, x);
                break;
        default:
                add_to(a, next(x) % 2 ? cJSON_CreateArray() : cJSON_CreateObject(), x, words, n);
        }
}

size_t mutate_json(uint8_t *data, size_t size, size_t max_size, unsigned seed, const char *const *words, size_t n)
{
        unsigned x = seed | 1;
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *text = NULL;

        /* Now and then the form itself is wrong. */
        if (next(&x) % 8 == 0 || json_parse((const char *)data, size, &j) < 0)
                return LLVMFuzzerMutate(data, size, max_size);
        for (unsigned i = 1 + next(&x) % 3; i > 0; i--)
                mutate_node(j, &x, words, n);
        text = cJSON_PrintUnformatted(j);
        if (!text || strlen(text) > max_size)
                return LLVMFuzzerMutate(data, size, max_size);
        memcpy(data, text, strlen(text));
        return strlen(text);
}

/* A line out, in, doubled, or a word at some place of one. */
size_t mutate_lines(uint8_t *data, size_t size, size_t max_size, unsigned seed, const char *const *words, size_t n)
{
        unsigned x = seed | 1;
        const char *w = word(&x, words, n);
        size_t at = size ? next(&x) % size : 0, len = strlen(w), from, to;
        const uint8_t *nl;

        if (next(&x) % 4 == 0 || size + len + 1 > max_size)
                return LLVMFuzzerMutate(data, size, max_size);
        for (from = at; from > 0 && data[from - 1] != '\n'; from--)
                ;
        nl = size ? memchr(data + at, '\n', size - at) : NULL;
        to = nl ? (size_t)(nl - data) + 1 : size;
        switch (next(&x) % 4) {
        case 0:
                memmove(data + from, data + to, size - to);
                return size - (to - from);
        case 1:
                if (size + (to - from) > max_size)
                        return size;
                memmove(data + to + (to - from), data + to, size - to);
                memcpy(data + to, data + from, to - from);
                return size + (to - from);
        case 2:
                memmove(data + from + len + 1, data + from, size - from);
                memcpy(data + from, w, len);
                data[from + len] = '\n';
                return size + len + 1;
        default:
                memmove(data + at + len, data + at, size - at);
                memcpy(data + at, w, len);
                return size + len;
        }
}
