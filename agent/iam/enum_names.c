/* Words of the iam room. */
#include "rolewatch/error_text.h"
#include "rolewatch/iam.h"

static const char *const layers[] = {
#define X(id, word, meaning) [IAM_##id] = word,
        IAM_LAYERS(X)
#undef X
};
static const char *const answers[] = {
#define X(id, word) [IAM_##id] = word,
        IAM_DECISIONS(X)
#undef X
};
static const struct { const char *word, *meaning; } reasons[] = {
#define X(id, word, meaning) [IAM_WHY_##id] = { word, meaning },
        IAM_REASONS(X)
#undef X
};
static const struct { const char *word, *meaning; } error_kinds[] = {
#define X(id, word, meaning) [ERROR_##id] = { word, meaning },
        ERROR_KINDS(X)
#undef X
}, error_actors[] = {
#define X(id, word, meaning) [ACTOR_##id] = { word, meaning },
        ERROR_ACTORS(X)
#undef X
};

const char *iam_layer_to_string(enum iam_layer l) { return (size_t)l < ARRAY_SIZE(layers) ? layers[l] : "?"; }
const char *iam_answer_to_string(enum iam_answer a)
{
        return (size_t)a < ARRAY_SIZE(answers) ? answers[a] : "?";
}
const char *iam_reason_to_string(enum iam_reason r)
{
        return (size_t)r < ARRAY_SIZE(reasons) ? reasons[r].word : "?";
}
const char *iam_reason_meaning(enum iam_reason r)
{
        return (size_t)r < ARRAY_SIZE(reasons) ? reasons[r].meaning : "?";
}
const char *error_kind_to_string(enum error_kind k) { return error_kinds[k].word; }
const char *error_kind_meaning(enum error_kind k) { return error_kinds[k].meaning; }
const char *error_actor_to_string(enum error_actor a) { return error_actors[a].word; }
const char *error_actor_meaning(enum error_actor a) { return error_actors[a].meaning; }
