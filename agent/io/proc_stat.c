#include <stdio.h>
#include "rolewatch/io.h"

enum { FIELD_STATE = 3, FIELD_PPID = 4, FIELD_START = 22 };    /* proc(5) */
#define NUMBER_SIZE 24

/* The next word of the line, NUL-terminated in buf; the rest begins behind it. False: there is none, or it is too long. */
static bool next_word(const char **at, const char *end, char buf[NUMBER_SIZE])
{
        const char *word;
        size_t n;

        while (*at < end && (**at == ' ' || **at == '\n'))
                (*at)++;
        for (word = *at; *at < end && **at != ' ' && **at != '\n';)
                (*at)++;
        n = (size_t)(*at - word);
        if (n == 0 || n >= NUMBER_SIZE)
                return false;
        memcpy(buf, word, n);
        buf[n] = '\0';
        return true;
}

static int stat_field_read(int field, const char *word, struct proc_stat *st)
{
        uint64_t number;

        if (field == FIELD_STATE) {
                st->state = word[0];
                return word[1] ? -EBADMSG : 0;
        }
        if (field == FIELD_START)
                return u64_parse(word, &st->start_ticks) < 0 ? -EBADMSG : 0;
        if (field != FIELD_PPID)
                return 0;
        if (u64_parse(word, &number) < 0 || number > INT32_MAX)
                return -EBADMSG;
        st->ppid = (pid_t)number;
        return 0;
}

/* comm may hold any byte, also ") S 1". */
int proc_stat_parse(const char *text, size_t len, struct proc_stat *ret)
{
        const char *open = memchr(text, '(', len), *close = memrchr(text, ')', len), *at;
        struct proc_stat st = { 0 };
        char word[NUMBER_SIZE];
        int r = 0;

        if (!open || !close || close < open)
                return -EBADMSG;
        at = close + 1;
        for (int field = FIELD_STATE; r == 0 && field <= FIELD_START; field++)
                r = next_word(&at, text + len, word) ? stat_field_read(field, word, &st) : -EBADMSG;
        if (r < 0)
                return r;
        st.comm = open + 1;
        st.comm_len = (size_t)(close - open - 1);
        *ret = st;
        return 0;
}

bool proc_stat_ended(const struct proc_stat *st) { return st->state == 'Z' || st->state == 'X'; }

/* "Uid:\treal\teffective\tsaved\tfs" */
static bool effective(const char *text, const char *name, unsigned *ret)
{
        const char *line = strstr(text, name);

        return line && sscanf(line + strlen(name), "%*u %u", ret) == 1;
}

int proc_ids_parse(const char *text, struct proc_ids *ret)
{
        struct proc_ids ids = { 0 };
        const char *line = strstr(text, "\nGroups:");
        unsigned uid, gid;
        int used;

        if (!effective(text, "\nUid:", &uid) || !effective(text, "\nGid:", &gid))
                return -EBADMSG;
        ids.uid = uid;
        ids.gid = gid;
        for (line = line ? line + 8 : ""; ids.n_groups < GROUPS_MAX && *line != '\n' &&
             sscanf(line, " %u%n", &gid, &used) == 1 && !memchr(line, '\n', (size_t)used); line += used)
                ids.groups[ids.n_groups++] = gid;
        *ret = ids;
        return 0;
}
