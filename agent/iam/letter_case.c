/*
 * Upper and lower case of the letters that names and tags hold: Latin, Greek,
 * Cyrillic and Armenian (Unicode, UnicodeData.txt, simple case mappings). What
 * AWS does with letters that have no one counterpart is not documented.
 */
#include "iam_internal.h"

enum how { PLUS /* lower = upper + by */, UPPER_EVEN /* upper even, lower the next */, UPPER_ODD /* upper odd, lower the next */ };
static const struct range { uint32_t from, to; enum how how; uint32_t by; } ranges[] = {
        { 'A', 'Z', PLUS, 32 },         { 0xC0, 0xD6, PLUS, 32 },       { 0xD8, 0xDE, PLUS, 32 },
        { 0x100, 0x12F, UPPER_EVEN, 0 }, { 0x132, 0x137, UPPER_EVEN, 0 }, { 0x139, 0x148, UPPER_ODD, 0 },
        { 0x14A, 0x177, UPPER_EVEN, 0 }, { 0x179, 0x17E, UPPER_ODD, 0 }, { 0x386, 0x386, PLUS, 38 },
        { 0x388, 0x38A, PLUS, 37 },     { 0x38C, 0x38C, PLUS, 64 },     { 0x38E, 0x38F, PLUS, 63 },
        { 0x391, 0x3A1, PLUS, 32 },     { 0x3A3, 0x3AB, PLUS, 32 },     { 0x400, 0x40F, PLUS, 80 },
        { 0x410, 0x42F, PLUS, 32 },     { 0x460, 0x481, UPPER_EVEN, 0 }, { 0x48A, 0x4BF, UPPER_EVEN, 0 },
        { 0x4D0, 0x52F, UPPER_EVEN, 0 }, { 0x531, 0x556, PLUS, 48 },
};
/* With more than one counterpart, or of scripts whose case is not in the table. */
static const struct { uint32_t from, to; } unsure[] = {
        { 0xB5, 0xB5 },     { 0xDF, 0xDF },     { 0x130, 0x131 },   { 0x149, 0x149 },   { 0x178, 0x178 },
        { 0x17F, 0x2AF },   { 0x345, 0x345 },   { 0x370, 0x385 },   { 0x390, 0x390 },   { 0x3B0, 0x3B0 },
        { 0x3C2, 0x3C2 },   { 0x3CF, 0x3FF },   { 0x4C0, 0x4CF },   { 0x587, 0x587 },   { 0x10A0, 0x10FF },
        { 0x13A0, 0x13FF }, { 0x1C80, 0x1CBF }, { 0x1D00, 0x1FFF }, { 0x2100, 0x218F }, { 0x24B6, 0x24E9 },
        { 0x2C00, 0x2DFF }, { 0xA640, 0xA7FF }, { 0xAB30, 0xABBF }, { 0xFB00, 0xFB17 }, { 0xFF21, 0xFF5A },
        { 0x10400, 0x10FFF }, { 0x118A0, 0x118DF }, { 0x16E40, 0x16E7F }, { 0x1E900, 0x1E943 },
};

static bool is_unsure(uint32_t c)
{
        for (size_t i = 0; i < ARRAY_SIZE(unsure); i++)
                if (c >= unsure[i].from && c <= unsure[i].to)
                        return true;
        return false;
}

static uint32_t lower(uint32_t c)
{
        for (size_t i = 0; i < ARRAY_SIZE(ranges); i++) {
                const struct range *r = &ranges[i];

                if (c < r->from || c > r->to)
                        continue;
                if (r->how == PLUS)
                        return c + r->by;
                return c % 2 == (r->how == UPPER_ODD) ? c + 1 : c;
        }
        return c;
}

/* A byte that is part of no character is one by itself. */
static uint32_t letter_take(struct span *w)
{
        uint32_t point = 0;
        size_t n = utf8_decode((const unsigned char *)w->s, w->len, &point);

        if (!n)
                point = 0x110000 + (unsigned char)*w->s;
        w->s += n ? n : 1;
        w->len -= n ? n : 1;
        return point;
}

enum iam_tri letter_case_equal(struct span a, struct span b)
{
        while (a.len && b.len) {
                uint32_t x = letter_take(&a), y = letter_take(&b);

                if (x == y || lower(x) == lower(y))
                        continue;
                return is_unsure(x) || is_unsure(y) ? IAM_MAYBE : IAM_NO;
        }
        return tri(a.len == b.len);
}
