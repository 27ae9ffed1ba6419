/* What a chain is given, for the tests of its steps. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "../../agent/chain/rows.h"

struct world {
        struct arena *a;
        const char *env[ENV_VAR_MAX], *prop[SYSPROP_MAX];
        struct profile_file credentials, config;
        struct host host;
        struct credential relative, full;
        struct answer container, token, v1;
        enum file_state token_file, web_identity_file;
        enum passwd_home passwd_home;
        bool full_answers, signed_out;
};

/* A healthy bridge task: endpoint answers with webTaskRole, IMDS with ecsInstanceRole. */
void world_init(struct world *w);
/* The row of a release; version NULL: of the newest. */
struct chain_result world_eval(struct world *w, const char *sdk, const char *version);
/* What a profile file says. */
void world_file(struct world *w, bool config, const char *text);
/* A situation, and who wins in it; version NULL: of the newest release. */
struct situation { const char *why; void (*stage)(struct world *); const char *sdk, *version; enum provider want; };
/* Prints what is otherwise. */
bool situation_differs(const struct situation *x);
