/* Constructors of the outcome of a step. */
#include "steps.h"

struct outcome outcome_off(const char *detail)
{
        return (struct outcome){ .state = STEP_OFF, .detail = detail };
}

struct outcome outcome_failed(enum provider p, const char *detail)
{
        return (struct outcome){ .state = STEP_FAILED, .provider = p, .detail = detail };
}

struct outcome outcome_unverified(enum provider p, const char *role, const char *detail)
{
        return (struct outcome){ .state = STEP_WINS, .provider = p, .role = role, .uncertain = true, .detail = detail };
}
