#include "executions.h"

struct executions {
        size_t n;
        uint64_t puts;
        uint64_t digests[EXECUTIONS_MAX], put[EXECUTIONS_MAX];  /* put: its number */
        struct executed list[EXECUTIONS_MAX];
};

int executions_new(struct executions **ret)
{
        struct executions *x = calloc(1, sizeof *x);

        if (!x)
                return -ENOMEM;
        *ret = x;
        return 0;
}

void executions_free(struct executions *x) { free(x); }

static size_t execution_position(const struct executions *x, uint64_t digest)
{
        size_t i = 0;

        while (i < x->n && x->digests[i] != digest)
                i++;
        return i;
}

static size_t execution_oldest(const struct executions *x)
{
        size_t oldest = 0;

        for (size_t i = 1; i < x->n; i++)
                if (x->put[i] < x->put[oldest])
                        oldest = i;
        return oldest;
}

void executions_put(struct executions *x, uint64_t digest, const struct executed *e)
{
        size_t at = execution_position(x, digest);

        if (at == EXECUTIONS_MAX)
                at = execution_oldest(x);
        else if (at == x->n)
                x->n++;
        x->digests[at] = digest;
        x->put[at] = ++x->puts;
        x->list[at] = *e;
}

const struct executed *executions_find(const struct executions *x, uint64_t digest)
{
        size_t at = execution_position(x, digest);

        return at < x->n ? &x->list[at] : NULL;
}
