/* The programs that a command starts: its words, and scripts and configurations of its image, cut at 0x1e. fuzz: max_len=4096 */
#include <sys/stat.h>
#include "../../agent/plan/image.h"
#include "fuzz.h"
#include "rolewatch/broker_tree.h"

static const char *const files[] = { "/bin/sh", "/bin/run", "/bin/supervisord", "/etc/supervisord.conf", "/etc/passwd", "/bin/env", "/bin/gosu" };
static const char *const words[] = {
        "sh", "-c", "-ec", "run", "/bin/run", "supervisord", "env", "A=b", "exec", "then", "$@", "#!/bin/sh", "#!/bin/run", "#!/bin/env -S run",
        "#!/bin/sh\nrun\nexec sh run", "\x1e#!/bin/sh\nrun a; exec run b\x1e", "\036\036\036command=run -F\n", "app:x:7:7::/app:/bin/sh\n",
        "gosu", "app", "-i", "-u", "AWS_PROFILE=x", "export AWS_PROFILE=x", "unset", ". /bin/run", "--", "environment=HOME=x",
};
FUZZ_MUTATOR(lines, words)

static char tree[] = "/tmp/fuzz_commands.XXXXXX";

static void file_put(const char *path, const uint8_t *data, size_t size)
{
        char full[128];
        FILE *f;

        snprintf(full, sizeof full, "%s%s", tree, path);
        f = fopen(full, "w");
        CLAIM(f && fwrite(data, 1, size, f) == size);
        CLAIM(fclose(f) == 0 && chmod(full, 0755) == 0);
}

static void tree_remove(void)
{
        char full[128];

        for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
                snprintf(full, sizeof full, "%s%s", tree, files[i]);
                unlink(full);
        }
        for (size_t i = 0; i < 2; i++) {
                snprintf(full, sizeof full, "%s%s", tree, i ? "/bin" : "/etc");
                rmdir(full);
        }
        rmdir(tree);
}

static void tree_make(void)
{
        static bool made;
        char full[128];

        if (made)
                return;
        made = true;
        CLAIM(mkdtemp(tree));
        for (size_t i = 0; i < 2; i++) {
                snprintf(full, sizeof full, "%s%s", tree, i ? "/bin" : "/etc");
                CLAIM(mkdir(full, 0755) == 0);
        }
        atexit(tree_remove);
}

/* The files of the image are the parts after the first, each as one of the table; others are empty. */
static void tree_fill(const uint8_t *data, size_t size)
{
        CALM;

        tree_make();
        for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
                const uint8_t *part = data;
                size_t len = 0;

                if (i > 0 && !fuzz_part(&data, &size, &part, &len))
                        len = 0;
                file_put(files[i], part, len);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(freep) struct command_programs *programs = calloc(1, sizeof *programs);
        CLEANUP(broker_freep) struct broker *b = NULL;
        const uint8_t *line = data;
        size_t len = 0;
        struct command_words w = { .n = 0 };
        struct proc_ids ids;
        char home[64];

        if (!fuzz_part(&data, &size, &line, &len))
                len = 0;
        CLEANUP(freep) char *text = fuzz_text(line, len);
        tree_fill(data, size);
        int r = programs ? broker_tree(tree, "/", &b) : -ENOMEM;
        if (r < 0) {
                FUZZ_ERROR(r);
                fuzz_result(r, NULL);
                return 0;
        }
        for (char *rest = text, *word; (word = strsep(&rest, " ")) && w.n < ARRAY_SIZE(w.words);)
                w.words[w.n++] = word;
        const struct image im = { .broker = b };
        r = command_find_programs(&(struct command_request){ &im, "/bin", &w }, programs);
        FUZZ_ERROR(r);
        CLAIM(programs->n <= COMMAND_PROGRAMS_MAX);
        for (size_t i = 0; i < programs->n; i++) {
                const struct command_program *p = &programs->list[i];

                CLAIM(p->argv_len <= sizeof p->argv && (p->argv_len == 0 || p->argv[p->argv_len - 1] == '\0'));
                CLAIM(!p->exe[0] || strncmp(p->exe, "/bin/", 5) == 0);
                CLAIM(p->change.assigned_len <= sizeof p->change.assigned);
                for (size_t at = 0; at < p->change.assigned_len; at += strlen(p->change.assigned + at) + 1)
                        CLAIM(strchr(p->change.assigned + at, '='));
        }
        int user = image_user(&im, "app", &ids, home, sizeof home);
        if (user > 0)
                CLAIM(strlen(home) < sizeof home);
        r = r == 0 && user < 0 ? user : r;
        fuzz_result(r, NULL);
        return 0;
}
