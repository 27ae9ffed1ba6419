/*
 * predict -- what the chain room says of cases: one JSON case a line on stdin
 * (facts.h) with "sdks": [[family, version], ...]; one JSON array a line on stdout, one object
 * an SDK: {"row", "says", "certainty", "walk": [[provider, state, detail]]}.
 */
#include <stdio.h>
#include "facts.h"

static cJSON *walk_of(const struct chain_result *r)
{
        cJSON *list = cJSON_CreateArray();

        for (size_t i = 0; i < r->n_walk; i++) {
                const char *step[] = { provider_to_string(r->walk[i].provider),
                                       step_state_to_string(r->walk[i].state),
                                       r->walk[i].detail ? r->walk[i].detail : "" };

                cJSON_AddItemToArray(list, cJSON_CreateStringArray(step, 3));
        }
        return list;
}

static int predict_one(struct facts *f, const cJSON *sdk, cJSON *out)
{
        const char *sdk_name = cJSON_GetStringValue(cJSON_GetArrayItem(sdk, 0));
        const char *version = cJSON_GetStringValue(cJSON_GetArrayItem(sdk, 1));
        const struct chain_row *row = chain_row_for(sdk_name, version);
        struct chain_result r;
        cJSON *o;

        if (!row)
                return -EBADMSG;
        f->in.version = version;
        if (chain_eval(row, &f->in, f->a, &r) < 0)
                return -ENOMEM;
        o = cJSON_CreateObject();
        cJSON_AddStringToObject(o, "row", chain_row_name(row));
        cJSON_AddStringToObject(o, "says", facts_predict(f->a, &r));
        cJSON_AddStringToObject(o, "certainty", certainty_to_string(r.certainty));
        cJSON_AddItemToObject(o, "walk", walk_of(&r));
        cJSON_AddItemToArray(out, o);
        return 0;
}

static int predict(const char *line)
{
        cJSON *j = cJSON_Parse(line), *out = cJSON_CreateArray();
        const cJSON *sdk;
        struct facts f;
        char *text;
        int r = facts_from_json(j, &f);

        if (r == 0) {
                cJSON_ArrayForEach(sdk, cJSON_GetObjectItemCaseSensitive(j, "sdks"))
                        if (r == 0)
                                r = predict_one(&f, sdk, out);
                text = cJSON_PrintUnformatted(out);
                if (r == 0)
                        puts(text);
                cJSON_free(text);
                facts_done(&f);
        }
        cJSON_Delete(out);
        cJSON_Delete(j);
        return r;
}

int main(void)
{
        CLEANUP(freep) char *line = NULL;
        size_t size = 0;

        while (getline(&line, &size, stdin) > 0) {
                int r = predict(line);

                if (r < 0) {
                        fprintf(stderr, "predict: %s\n", r == -EBADMSG ? "not a case" : "no memory");
                        return 1;
                }
        }
        return 0;
}
