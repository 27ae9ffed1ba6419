/*
 * facts -- a case of the oracle, as JSON, turned into what the chain room
 * takes. Shared by predict and by the unit test of the recorded cases.
 *
 *   {"env": {NAME: VALUE}, "prop": {NAME: VALUE}, "credentials": FILE, "config": FILE, "homeCredentials": FILE,
 *    "tokenFile": STATE (malformed: it has a line break), "webIdentityFile": STATE, "caBundle": STATE, "botoFile": true,
 *    "rel": CRED, "full": CRED, "container": ANSWER, "token": ANSWER, "v1": ANSWER,
 *    "role": ANSWER, "instanceRole": NAME, "instanceKey": ID,
 *    "signedIn": true,          a directory has cached tokens of SSO
 *    "noOwnKeys": false}        a tool's own configuration may hold keys; the tools are run without any
 *   FILE    {"state": "ok", "text": "..."}, or "latin1" for one whose bytes are no UTF-8     STATE, "state"  words of file_state
 *   ANSWER  {"state": "ok", "status": 200}     CRED  ANSWER with "role" and "key"
 */
#pragma once
#include "rolewatch/chain.h"

struct facts {
        struct arena *a;               /* owned */
        const char *env[ENV_VAR_MAX], *prop[SYSPROP_MAX];
        struct profile_file credentials, config, home;
        struct credential relative, full;
        struct answer container, token, v1;
        struct host host;
        struct chain_input in;         /* points into the rest: a struct facts must not move */
};
/* -EBADMSG: not a case; -ENOMEM. On success facts_done() is due. */
int facts_from_json(const cJSON *j, struct facts *ret);
void facts_done(struct facts *f);
/* "env AKIA...", "container role", "none", ...: provider, then key id, else role; arena text. */
const char *facts_predict(struct arena *a, const struct chain_result *r);
/* The same of a row, right or wrong, for this case and a release of it; version NULL: any. Ends the program without memory. */
#define FACTS_PREDICTION_MAX 160
void facts_prediction(const struct facts *f, const struct chain_row *row, const char *version, char ret[FACTS_PREDICTION_MAX]);
