/* Words of the iam room. */
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

const char *iam_layer_word(enum iam_layer l) { return (size_t)l < ARRAY_SIZE(layers) ? layers[l] : "?"; }
const char *iam_answer_word(enum iam_answer a)
{
        return (size_t)a < ARRAY_SIZE(answers) ? answers[a] : "?";
}
const char *iam_reason_word(enum iam_reason r)
{
        return (size_t)r < ARRAY_SIZE(reasons) ? reasons[r].word : "?";
}
const char *iam_reason_meaning(enum iam_reason r)
{
        return (size_t)r < ARRAY_SIZE(reasons) ? reasons[r].meaning : "?";
}
