/* What holds for the whole task: where it runs, in which network, with which roles. */
#include <stdarg.h>
#include <stdio.h>
#include "plan_internal.h"
#include "rolewatch/limits.h"

static const struct { const char *word, *network; bool imds; } launch_types[] = {
#define X(id, word, network, imds) [LAUNCH_##id] = { word, network, imds },
        LAUNCH_TYPES(X)
#undef X
};
static const struct { const char *word, *meaning; } sources[] = {
#define X(id, word, meaning) [PREMISE_##id] = { word, meaning },
        PREMISE_SOURCES(X)
#undef X
};

const char *launch_type_to_string(enum launch_type t) { return launch_types[t].word; }
bool launch_type_has_imds(enum launch_type t) { return launch_types[t].imds; }
const char *premise_source_to_string(enum premise_source s) { return sources[s].word; }
const char *premise_source_meaning(enum premise_source s) { return sources[s].meaning; }

int launch_type_from_string(const char *word)
{
        for (int i = 0; i < LAUNCH_TYPE_MAX; i++)
                if (streq(launch_types[i].word, word))
                        return i;
        return -ENOENT;
}

void premise_add(struct planning *x, const char *what, enum premise_source source, const char *format, ...)
{
        struct plan *p = x->p;
        char line[2 * FIELD_MAX];
        const char *value;
        va_list args;

        va_start(args, format);
        vsnprintf(line, sizeof line, format, args);
        va_end(args);
        /* Less than fits, so that no character is cut in two. */
        value = arena_escape(x->s->arena, line, strlen(line), sizeof line - 4);
        for (size_t i = 0; i < p->n_premises; i++)
                if (streq(p->premises[i].what, what) && streq(p->premises[i].value, value))
                        return;
        if (p->n_premises == PREMISES_MAX)
                p->n_more_premises++;
        else if (value)
                p->premises[p->n_premises++] = (struct premise){ what, value, source };
}

/* ---- the launch type ---- */

/* The only one that the definition requires, or EC2, which ECS takes where nothing is said. */
static int launch_plan(struct planning *x, struct text *error)
{
        const cJSON *list = member(x->definition, "requiresCompatibilities"), *first = json_first(list);
        const char *word = x->q->launch_type;
        enum premise_source source = PREMISE_OPTION;
        int type;

        if (!word && first && cJSON_IsString(first) && !is_placeholder(first->valuestring)) {
                word = first->valuestring;
                source = first->next ? PREMISE_ASSUMED : PREMISE_DEFINITION;
        }
        if (!word) {
                word = "EC2";
                source = PREMISE_ASSUMED;
        }
        type = launch_type_from_string(word);
        if (type < 0) {
                text_add(error, source == PREMISE_OPTION ? "" : "requiresCompatibilities[0]: ");
                text_add(error, "unknown launch type ");
                text_escape_cut(error, word, strlen(word), 64);
                text_add(error, "; known are EC2, FARGATE, EXTERNAL and MANAGED_INSTANCES");
                return -EBADMSG;
        }
        x->p->launch_type = (enum launch_type)type;
        premise_add(x, "launch type", source, "%s%s", launch_types[type].word,
                    source == PREMISE_ASSUMED ? "; set another one by --launch-type" : "");
        return 0;
}

/* ---- the network mode ---- */

static void network_plan(struct planning *x)
{
        const cJSON *v = member(x->definition, "networkMode");
        const char *given = member_text(x->definition, "networkMode"), *usual = launch_types[x->p->launch_type].network;

        if (given && is_placeholder(given)) {
                premise_add(x, "network mode", PREMISE_UNKNOWN, "%s is a placeholder", given);
        } else if (given) {
                x->p->network_mode = arena_escape(x->s->arena, given, strlen(given), 64);
                premise_add(x, "network mode", PREMISE_DEFINITION, "%s", x->p->network_mode);
        } else if (is_template_function(v) || x->p->form == PLAN_FORM_CONTAINERS) {
                premise_add(x, "network mode", PREMISE_UNKNOWN, "%s", v ? "a reference of the template" : "a list of containers does not say it");
        } else if (usual) {
                x->p->network_mode = usual;
                premise_add(x, "network mode", PREMISE_ASSUMED, "%s, which ECS takes where the definition gives none", usual);
        }
}

/* ---- the roles ---- */

bool is_role(const char *role)
{
        return strncmp(role, "arn:", 4) != 0 || (strstr(role, ":iam::") && strstr(role, ":role/"));
}

/* {"Fn::If": [condition, a role, {"Ref": "AWS::NoValue"}]} */
static bool may_be_absent(const cJSON *v)
{
        const cJSON *choice;

        JSON_EACH(choice, member(v, "Fn::If"))
                if (streq(member_text(choice, "Ref"), "AWS::NoValue"))
                        return true;
        return false;
}

/* An option, the key of the definition, and what it is about. */
struct role_term { const char *what, *key, *option, *given; };

/* Of the definition, where the role, or the account in its ARN, is a placeholder. The role's name; NULL: it is not known. */
static const char *role_of_placeholder(struct planning *x, const struct role_term *t, const char *role)
{
        const char *name = role_name_known(role);

        if (!name) {
                premise_add(x, t->what, PREMISE_UNKNOWN, "%s is a placeholder; name it by --%s", role, t->option);
                return NULL;
        }
        premise_add(x, t->what, PREMISE_DEFINITION, "%s; the account is a placeholder", name);
        return arena_escape(x->s->arena, name, strlen(name), FIELD_MAX);
}

static const char *role_plan(struct planning *x, const struct role_term *t, bool *ret_set)
{
        const char *role = t->given ? t->given : member_text(x->definition, t->key);

        *ret_set = true;
        if (role && !t->given && is_placeholder(role) && is_role(role))
                return role_of_placeholder(x, t, role);
        if (role) {
                role = arena_escape(x->s->arena, role, strlen(role), FIELD_MAX);
                premise_add(x, t->what, t->given ? PREMISE_OPTION : PREMISE_DEFINITION, "%s", role ? role : "");
                return role;
        }
        if (is_template_function(member(x->definition, t->key))) {
                premise_add(x, t->what, PREMISE_UNKNOWN, "a reference of the template%s; name it by --%s",
                            may_be_absent(member(x->definition, t->key)) ? ", which may give none" : "", t->option);
        } else if (x->p->form == PLAN_FORM_CONTAINERS) {
                premise_add(x, t->what, PREMISE_ASSUMED, "there is one, which a list of containers does not name; name it by --%s", t->option);
        } else {
                *ret_set = false;
                premise_add(x, t->what, PREMISE_DEFINITION, "none");
        }
        return NULL;
}

static int references_premise(struct planning *x)
{
        CLEANUP(text_done) struct text t = { 0 };
        const struct positions *p = &x->references;

        for (size_t i = 0; i < p->n; i++)
                text_addf(&t, "%s%s", i ? ", " : "", p->list[i]);
        if (p->total > p->n)
                text_addf(&t, " and %zu more", p->total - p->n);
        if (p->total && !t.failed)
                premise_add(x, "references", PREMISE_UNKNOWN, "%s", t.s);
        return t.failed ? -ENOMEM : 0;
}

int planned_terms(struct planning *x, struct text *error)
{
        const struct plan_request *q = x->q;
        int r = launch_plan(x, error);

        if (r < 0)
                return r;
        if (x->host_given && x->p->launch_type == LAUNCH_FARGATE) {
                text_add(error, "a task on FARGATE runs on no host of yours, so that --host has no meaning");
                return -EBADMSG;
        }
        network_plan(x);
        x->task_role = role_plan(x, &(struct role_term){ "task role", "taskRoleArn", "task-role", q->task_role }, &x->task_role_set);
        x->execution_role = role_plan(x, &(struct role_term){ "execution role", "executionRoleArn", "execution-role", q->execution_role },
                                      &x->execution_role_set);
        return references_premise(x);
}
