/* The processes of a container by the files of its image: the same recognizers as for running ones. */
#include <stdio.h>
#include "image.h"
#include "image_archive.h"
#include "rolewatch/files.h"
#include "rolewatch/sdk.h"

/* The name of the container that is under way. */
static const char *planned_name(const struct planning *x) { return x->s->containers[x->s->n_containers - 1].name; }

static int user_plan(struct planning *x, struct image_container *c)
{
        const char *user = member_text(c->o, "user");
        int r = image_user(c->image, user ? user : "0", &c->ids, c->home, sizeof c->home);

        c->user_assumed = (!user && !c->image->archive) || r == 0;
        if (r != 0)
                return r < 0 ? r : 0;
        snprintf(c->home, sizeof c->home, "/");
        if (user)
                premise_add(x, "user", PREMISE_ASSUMED, "root in container %s: the passwd file of its image does not have the user of the %s", planned_name(x),
                            streq(user, member_text(c->image->config, "User")) ? "image" : "definition");
        return 0;
}

/* What the configuration of the image says; of a tree, which has none, what is assumed in its place. */
static void defaults_premise(struct planning *x, const struct image_container *c)
{
        size_t position;
        const struct { const char *given, *assumed; } defaults[] = {
                { member_text(c->o, "user"), "user root" },
                { member_text(c->o, "workingDirectory"), "working directory /" },
                { environment_value(c->o, "PATH", &position), "PATH " IMAGE_PATH_DEFAULT },
        };
        char text[256] = "";
        size_t n = 0;

        if (c->image->defaults)
                premise_add(x, "image defaults", PREMISE_IMAGE, "of container %s: %s", planned_name(x), c->image->defaults);
        for (size_t i = 0; !c->image->archive && i < ARRAY_SIZE(defaults); i++)
                if (!defaults[i].given)
                        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n ? ", " : "", defaults[i].assumed);
        if (n)
                premise_add(x, "image defaults", PREMISE_ASSUMED, "of container %s: %s", planned_name(x), text);
}

/* Does what its chain reads hang on the user whose profile files they are? */
static bool rests_on_home(const struct process *p)
{
        return p->credentials.state != FILE_ABSENT || p->config.state != FILE_ABSENT || p->home_credentials.path || p->boto_file ||
               p->env[ENV_VAR_PROFILE] || p->env[ENV_VAR_DEFAULT_PROFILE] || p->prop[SYSPROP_PROFILE];
}

/* Files, and then the SDKs, as for a running process (agent/collect/process.c). */
static int image_files(struct planning *x, const struct image_container *c, const struct command_program *program, struct process *p)
{
        CLEANUP(closep) int exe = broker_file(c->image->broker, (struct broker_target){ 0, 0 }, program->exe);
        const struct proc_ids *ids = program->ids_set ? &program->ids : &c->ids;
        const struct file_view v = { .a = x->s->arena, .b = c->image->broker, .ids = *ids };
        bool known = p->environ.state == ANSWER_OK;
        int r = 0;

        p->uid = ids->uid;
        if (known && !p->env[ENV_VAR_HOME]) {
                p->env[ENV_VAR_HOME] = arena_escape(v.a, c->home, strlen(c->home), sizeof c->home);
                r = p->env[ENV_VAR_HOME] ? 0 : -ENOMEM;
        }
        if (r == 0 && known)
                r = program_properties(x, (struct span){ program->argv, program->argv_len }, p);
        if (r == 0 && known)
                r = files_read(&v, p);
        if (r == 0)
                r = sdk_recognize(&(struct sdk_program){ &v, exe, { program->argv, program->argv_len } }, x->sdks, p);
        return r == 0 && known ? files_passwd_home(&v, p) : r;
}

/* Of a script it is not known whether it comes to the line; of an image, which user it has. */
static int sdks_doubt(struct planning *x, struct process *p)
{
        struct sdk *sdks = arena_alloc(x->s->arena, (p->n_sdks + 1) * sizeof *sdks);

        if (!sdks)
                return -ENOMEM;
        for (size_t i = 0; i < p->n_sdks; i++) {
                sdks[i] = p->sdks[i];
                sdks[i].certainty = CERTAINTY_POSSIBLE;
        }
        p->sdks = sdks;
        return 0;
}

static int image_process_make(struct planning *x, const struct image_container *c, const struct command_program *program, struct process *p)
{
        int r = planned_environment(x, c->o, &program->change, p);
        bool doubt = !program->certain;

        if (r == 0 && p->env[ENV_VAR_RELATIVE_URI])
                p->cred_relative = c->cred;
        if (r == 0)
                r = image_files(x, c, program, p);
        doubt = doubt || (c->user_assumed && !program->ids_set && rests_on_home(p));
        return r == 0 && doubt ? sdks_doubt(x, p) : r;
}

static int image_process_add(struct planning *x, const struct image_container *c, const struct command_program *program, uint64_t start)
{
        struct arena *a = x->s->arena;
        struct process p = { .start_ticks = start, .container = (int)x->s->n_containers - 1, .netns = c->netns, .cred_relative = -1, .cred_full = -1,
                             .comm = arena_escape(a, program->name, strlen(program->name), sizeof program->name) }, *copied;
        int r;

        if (program->exe[0])
                p.exe = arena_escape(a, program->exe, strlen(program->exe), PATH_TEXT_MAX);
        if (!p.comm || (program->exe[0] && !p.exe))
                return -ENOMEM;
        r = image_process_make(x, c, program, &p);
        if (r < 0 || (!program->certain && p.n_sdks == 0))
                return r;
        copied = snapshot_add_process(x->s);
        if (!copied)
                return -ENOMEM;
        *copied = p;
        return 0;
}

int image_processes(struct planning *x, struct image_container *c)
{
        struct command_programs *programs = arena_alloc(x->s->arena, sizeof *programs);
        const struct command_words w = command_words_of(c->o);
        int r = programs ? user_plan(x, c) : -ENOMEM;

        if (r < 0)
                return r;
        defaults_premise(x, c);
        if (!w.n)
                premise_add(x, "program", PREMISE_UNKNOWN, "of container %s: the definition has no command, and %s", planned_name(x), c->image->archive ? "its image has none" : "a tree does not say it");
        if (!w.n)
                return program_add(x, &(struct program){ .container = c->o, .name = MAIN_PROGRAM, .netns = c->netns, .cred = c->cred });
        r = command_find_programs(&(struct command_request){ c->image, image_variable(c->image, c->o, "PATH"), &w }, programs);
        if (programs->cut)
                premise_add(x, "programs", PREMISE_UNKNOWN, "of container %s: its command and scripts start more than are searched", planned_name(x));
        if (programs->unresolved)
                premise_add(x, "program", PREMISE_UNKNOWN, "of container %s: no executable of its image follows the options of %s", planned_name(x), programs->unresolved);
        for (size_t i = 0; r == 0 && i < programs->n; i++)
                r = image_process_add(x, c, &programs->list[i], i);
        if (c->image->archive && image_archive_unread(c->image->archive))
                premise_add(x, "files", PREMISE_UNKNOWN, "of container %s: some are larger than %llu MiB, or in compressed layers beyond the first %llu MiB, and are not read", planned_name(x),
                            (unsigned long long)(IMAGE_OPEN_MAX >> 20), (unsigned long long)(IMAGE_STORED_MAX >> 20));
        return r == 0 ? launcher_warnings(x, c, programs) : r;
}
