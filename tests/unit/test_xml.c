/* The XML of AWS's query services as JSON; and texts that are not XML. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "rolewatch/base.h"

static const struct { const char *why, *xml, *want; } rows[] = {
        { "text", "<a>x</a>", "\"x\"" },
        { "a prolog and attributes", "<?xml version=\"1.0\"?>\n<!-- c -->\n<a xmlns=\"https://x/\">x</a>", "\"x\"" },
        { "empty", "<a/>", "\"\"" },
        { "empty, with a blank", "<a />", "\"\"" },
        { "children", "<a><b>1</b><c>2</c></a>", "{\"b\":\"1\",\"c\":\"2\"}" },
        { "blanks between", "<a>\n <b>1</b>\n</a>", "{\"b\":\"1\"}" },
        { "members", "<a><l><member>1</member><member><k>2</k></member></l></a>", "{\"l\":[\"1\",{\"k\":\"2\"}]}" },
        { "no members", "<a><l/></a>", "{\"l\":\"\"}" },
        { "entities", "<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x42;</a>", "\"<&>\\\"'AB\"" },
        { "entities that are none", "<a>&nbsp;&#1234567;&</a>", "\"&nbsp;&#1234567;&\"" },
        { "nothing", "", NULL },
        { "text alone", "x", NULL },
        { "cut off", "<a><b>1</b>", NULL },
        { "crossed", "<a><b></a></b>", NULL },
        { "another end", "<a></aa>", NULL },
        { "an open tag", "<a", NULL },
        { "no name", "<>x</>", NULL },
        { "a JSON answer", "{\"a\":1}", NULL },
};

static void answers_are_read(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(json_freep) cJSON *j = NULL;
                CLEANUP(freep) char *text = NULL;
                int r = xml_parse(rows[i].xml, strlen(rows[i].xml), &j);

                if (r == 0)
                        text = cJSON_PrintUnformatted(j);
                if (r != (rows[i].want ? 0 : -EBADMSG) || !streq(text, rows[i].want))
                        fail_msg("%s: %d %s", rows[i].why, r, text);
        }
}

/* Every prefix of a sound answer, and every byte of it turned into a sign of XML. */
static void broken_answers_are_harmless(void **state)
{
        static const char sound[] = "<?xml?><R a='b'><Role><N>x&amp;y</N><L><member>1</member></L></Role></R>";
        static const char signs[] = "<>/&;?! \0";
        char text[sizeof sound];

        (void)state;
        for (size_t i = 0; i < sizeof sound; i++)
                for (size_t k = 0; k <= sizeof signs; k++) {
                        CLEANUP(json_freep) cJSON *j = NULL;

                        memcpy(text, sound, sizeof sound);
                        if (k < sizeof signs)
                                text[i] = signs[k];
                        (void)xml_parse(text, k < sizeof signs ? sizeof sound - 1 : i, &j);
                }
}

static void depth_is_bounded(void **state)
{
        char deep[4 * 1000 + 1] = "";
        cJSON *j = NULL;

        (void)state;
        for (int i = 0; i < 1000; i++)
                strcat(deep, "<a>");
        assert_int_equal(xml_parse(deep, strlen(deep), &j), -EBADMSG);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(answers_are_read), cmocka_unit_test(broken_answers_are_harmless),
                                            cmocka_unit_test(depth_is_bounded) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
