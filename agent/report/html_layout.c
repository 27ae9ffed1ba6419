/*
 * html_layout -- the positions of the boxes in the picture: two columns, joined by
 * lines. A few rounds of the barycenter heuristic (Sugiyama) reduce the number of
 * crossings. Numbers in, numbers out.
 */
#include "html.h"

#define ROUNDS 8
#define TOP 2
#define PORT 9                         /* between two lines that end at one role */
#define PORT_EDGE 14

/* A box while its column is sorted: by rank, then by pull. */
struct position { int index, rank; double pull; };

static int position_order(const void *a, const void *b)
{
        const struct position *x = a, *y = b;

        if (x->rank != y->rank)
                return x->rank < y->rank ? -1 : 1;
        if (x->pull < y->pull || x->pull > y->pull)
                return x->pull < y->pull ? -1 : 1;
        return x->index < y->index ? -1 : x->index > y->index;
}

/* Two lines cross where one begins above the other and ends below it. */
static size_t crossings(const struct lay *l, const int *node_at, const int *role_at)
{
        size_t n = 0;

        for (size_t i = 0; i < l->n_lines; i++)
                for (size_t k = i + 1; k < l->n_lines; k++) {
                        const struct lay_line *x = &l->lines[i], *y = &l->lines[k];
                        int from = node_at[x->node] - node_at[y->node], to = role_at[x->role] - role_at[y->role];

                        n += (from < 0 && to > 0) || (from > 0 && to < 0);
                }
        return n;
}

/* at: the position of each box in its column. */
enum side { NODES, ROLES };
struct order { int *at[2]; struct position *positions; };

static int end_of(const struct lay_line *x, enum side side) { return side == ROLES ? x->role : x->node; }
static enum side other(enum side side) { return side == ROLES ? NODES : ROLES; }

/* Sorts one side by the mean position of the boxes that its lines lead to; a box without lines keeps its position. */
static void pull(const struct lay *l, enum side side, struct order *o)
{
        size_t n = side == ROLES ? l->n_roles : l->n_nodes;

        for (size_t i = 0; i < n; i++) {
                double sum = 0;
                unsigned lines = 0;

                for (size_t k = 0; k < l->n_lines; k++) {
                        const struct lay_line *x = &l->lines[k];

                        if ((size_t)end_of(x, side) != i)
                                continue;
                        sum += o->at[other(side)][end_of(x, other(side))];
                        lines++;
                }
                o->positions[i] = (struct position){ .index = (int)i, .rank = side == ROLES ? 0 : l->node_rank[i],
                                                     .pull = lines ? sum / lines : o->at[side][i] };
        }
        qsort(o->positions, n, sizeof *o->positions, position_order);
        for (size_t i = 0; i < n; i++)
                o->at[side][o->positions[i].index] = (int)i;
}

static void order_of(const int *at, size_t n, int *order)
{
        for (size_t i = 0; i < n; i++)
                order[at[i]] = (int)i;
}

static int find_orders(struct lay *l)
{
        size_t most = l->n_nodes > l->n_roles ? l->n_nodes : l->n_roles;
        CLEANUP(freep) struct position *p = calloc(most + 1, sizeof *p);
        CLEANUP(freep) int *node_at = calloc(l->n_nodes + 1, sizeof *node_at);
        CLEANUP(freep) int *role_at = calloc(l->n_roles + 1, sizeof *role_at);
        struct order o = { .at = { [NODES] = node_at, [ROLES] = role_at }, .positions = p };

        if (!p || !node_at || !role_at)
                return -ENOMEM;
        for (size_t i = 0; i < l->n_nodes; i++)
                p[i] = (struct position){ .index = (int)i, .rank = l->node_rank[i] };
        qsort(p, l->n_nodes, sizeof *p, position_order);
        for (size_t i = 0; i < l->n_nodes; i++)
                node_at[p[i].index] = (int)i;
        for (size_t i = 0; i < l->n_roles; i++)
                role_at[i] = (int)i;
        l->crossings = SIZE_MAX;
        for (int round = 0; round < ROUNDS && l->crossings > 0; round++) {
                size_t n;

                pull(l, ROLES, &o);
                pull(l, NODES, &o);
                n = crossings(l, node_at, role_at);
                if (n >= l->crossings)
                        continue;
                l->crossings = n;
                order_of(node_at, l->n_nodes, l->node_order);
                order_of(role_at, l->n_roles, l->role_order);
        }
        return 0;
}

static void position_nodes(struct lay *l)
{
        int y = TOP, rank = -1;

        for (size_t i = 0; i < l->n_nodes; i++) {
                int n = l->node_order[i];

                if (l->node_rank[n] != rank)
                        y += l->band;
                rank = l->node_rank[n];
                l->node_y[n] = y;
                y += l->node_h[n] + l->gap;
        }
        l->height = y;
}

static unsigned lines_at(const struct lay *l, enum side side, int index)
{
        unsigned n = 0;

        for (size_t k = 0; k < l->n_lines; k++)
                n += end_of(&l->lines[k], side) == index;
        return n;
}

/* Places each role beside the middle of its nodes, as far as its neighbors leave room. */
static void position_roles(struct lay *l)
{
        int end = TOP + l->band, below;

        for (size_t i = 0; i < l->n_roles; i++) {
                int r = l->role_order[i], sum = 0, wanted;
                int n = (int)lines_at(l, ROLES, r);

                if (n * PORT + PORT_EDGE > l->role_h[r])
                        l->role_h[r] = n * PORT + PORT_EDGE;
                for (size_t k = 0; k < l->n_lines; k++)
                        if (l->lines[k].role == r)
                                sum += l->node_y[l->lines[k].node] + l->node_h[l->lines[k].node] / 2;
                wanted = n ? sum / n - l->role_h[r] / 2 : end;
                l->role_y[r] = wanted > end ? wanted : end;
                end = l->role_y[r] + l->role_h[r] + l->gap;
        }
        /* At the lower edge they move up again if there is room. */
        below = l->height;
        for (size_t i = l->n_roles; i-- > 0;) {
                int r = l->role_order[i], y = below - l->gap - l->role_h[r];

                if (l->role_y[r] > y)
                        l->role_y[r] = y;
                below = l->role_y[r];
        }
        if (l->n_roles && below < TOP + l->band) {
                int down = TOP + l->band - below;

                for (size_t i = 0; i < l->n_roles; i++) {
                        l->role_y[i] += down;
                        if (l->role_y[i] + l->role_h[i] + l->gap > l->height)
                                l->height = l->role_y[i] + l->role_h[i] + l->gap;
                }
        }
}

/* The rank of a line among the lines of its box on one side, from 1, by the position of their other ends. */
static int port(const struct lay *l, size_t line, enum side side)
{
        const int *y_of = side == ROLES ? l->node_y : l->role_y;
        const struct lay_line *x = &l->lines[line];
        int before = 0, mine = y_of[end_of(x, other(side))];

        for (size_t k = 0; k < l->n_lines; k++) {
                const struct lay_line *y = &l->lines[k];
                int at = y_of[end_of(y, other(side))];

                if (k != line && end_of(y, side) == end_of(x, side))
                        before += at < mine || (at == mine && k < line);
        }
        return before + 1;
}

static void position_lines(struct lay *l)
{
        for (size_t k = 0; k < l->n_lines; k++) {
                struct lay_line *x = &l->lines[k];
                int of_node = (int)lines_at(l, NODES, x->node), of_role = (int)lines_at(l, ROLES, x->role);

                x->from_y = l->node_y[x->node] + l->node_h[x->node] * port(l, k, NODES) / (of_node + 1);
                x->to_y = l->role_y[x->role] + l->role_h[x->role] * port(l, k, ROLES) / (of_role + 1);
        }
}

int lay_out(struct lay *l)
{
        int r = find_orders(l);

        if (r < 0)
                return r;
        position_nodes(l);
        position_roles(l);
        position_lines(l);
        return 0;
}
