/* rolewatch findings: the table of what can be found, from which catalog and manual page are made. */
#include <stdio.h>
#include "commands.h"

static cJSON *findings_json(void)
{
        CLEANUP(json_freep) cJSON *list = cJSON_CreateArray();

        for (int i = 0; list && i < FINDING_KIND_MAX; i++) {
                enum finding_kind k = (enum finding_kind)i;
                cJSON *o = cJSON_CreateObject();

                if (!o || !cJSON_AddItemToArray(list, o) || !cJSON_AddStringToObject(o, "id", finding_slug(k)) ||
                    !cJSON_AddStringToObject(o, "severity", severity_word(finding_severity(k))) ||
                    !cJSON_AddStringToObject(o, "messageId", finding_message_id(k)) ||
                    !cJSON_AddStringToObject(o, "meaning", finding_meaning(k)) ||
                    !cJSON_AddStringToObject(o, "advice", finding_advice(k)))
                        return NULL;
        }
        return TAKE(list);
}

int cmd_findings(int argc, char **argv)
{
        cJSON *j;

        if (argc == 2 && streq(argv[1], "--json")) {
                j = findings_json();
                return j ? json_print(j, NULL) : EXIT_UNKNOWN;
        }
        if (argc > 1) {
                fprintf(stderr, "usage: rolewatch findings [--json]\n");
                return EXIT_USAGE;
        }
        for (int i = 0; i < FINDING_KIND_MAX; i++) {
                enum finding_kind k = (enum finding_kind)i;

                printf("%s (%s)\n  %s\n  journalctl MESSAGE_ID=%s\n", finding_slug(k), severity_word(finding_severity(k)),
                       finding_meaning(k), finding_message_id(k));
        }
        return 0;
}
