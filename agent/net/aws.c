#include <ctype.h>
#include <stdio.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>
#include "pause.h"
#include "aws_endpoint.h"
#include "rolewatch/aws_calls.h"
#include "rolewatch/io.h"
#include "sigv4.h"

#define TRIES 3
#define HURRIED_MS 5000
#define BACKOFF_MAX_MS 20000
#define BODY_MAX ((size_t)8 << 20)
#define SKEW_MIN_S 240                 /* AWS refuses beyond five minutes */

enum protocol { QUERY, JSON };
static const struct { const char *name; enum protocol protocol; const char *version; } services[] = {
#define X(id, prefix, variable, protocol, version) [AWS_##id] = { prefix, protocol, version },
        AWS_SERVICES(X)
#undef X
};
static const char *const content_types[] = {
        [QUERY] = "application/x-www-form-urlencoded; charset=utf-8",
        [JSON] = "application/x-amz-json-1.1",
};
static const char *const passing_codes[] = {
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "TooManyRequestsException", "RequestLimitExceeded", "BandwidthLimitExceeded",
        "LimitExceededException", "RequestThrottled", "SlowDown", "PriorRequestNotComplete",
        "RequestTimeout", "RequestTimeoutException", "ServiceFailure", "ServerException",
};
static const char *const clock_codes[] = { "RequestExpired", "SignatureDoesNotMatch",
                                           "InvalidSignatureException", "RequestTimeTooSkewed" };

static bool aws_one_of(const char *const *list, size_t n, const char *code)
{
        for (size_t i = 0; i < n; i++)
                if (streq(list[i], code))
                        return true;
        return false;
}

bool aws_passing(const struct aws_answer *a)
{
        return a->status >= 500 || a->status == 429 ||
               aws_one_of(passing_codes, ARRAY_SIZE(passing_codes), a->code);
}

static void add_encoded(struct text *t, const char *s)
{
        for (; *s; s++)
                if (isalnum((unsigned char)*s) || strchr("-._~", *s))
                        text_addn(t, s, 1);
                else
                        text_addf(t, "%%%02X", (unsigned char)*s);
}

static void add_form(struct text *t, const struct aws_request *q)
{
        text_add(t, "Action=");
        add_encoded(t, q->action);
        text_addf(t, "&Version=%s", services[q->service].version);
        for (size_t i = 0; i < q->n_params; i++) {
                text_add(t, "&");
                add_encoded(t, q->params[i].name);
                text_add(t, "=");
                add_encoded(t, q->params[i].value);
        }
}

/* One request of a service, whatever its protocol. */
struct message {
        enum aws_service service;
        const char *target;            /* X-Amz-Target; NULL: none */
        const char *body;
        size_t len;
};

/* What tells refusals apart is not lost in silence: -ENOMEM. */
static int aws_take(char *to, size_t size, const cJSON *o, const char *key)
{
        CLEANUP(text_done) struct text t = { 0 };
        const char *v;

        if (json_get_str(o, key, 4096, &v) < 0)
                return 0;
        text_escape_cut(&t, v, strlen(v), size - 1);
        text_fit(to, size, t.s);
        return t.failed ? -ENOMEM : 0;
}

/* <ErrorResponse><Error><Code/><Message/></Error></ErrorResponse> */
static int read_query(const struct net_response *rs, cJSON **body, struct aws_answer *ret)
{
        const cJSON *error;
        int r = xml_parse(rs->body, rs->len, body);

        if (r < 0)
                return r;
        error = cJSON_GetObjectItemCaseSensitive(*body, "Error");
        r = aws_take(ret->code, sizeof ret->code, error, "Code");
        return r < 0 ? r : aws_take(ret->message, sizeof ret->message, error, "Message");
}

/* {"__type":"namespace#Code:uri","message":...} */
static int read_json(const struct net_response *rs, cJSON **body, struct aws_answer *ret)
{
        const char *code;
        int r = json_parse(rs->body, rs->len, body);

        if (r < 0 || ret->state == ANSWER_OK)
                return r;
        r = aws_take(ret->code, sizeof ret->code, *body, "__type");
        code = strchr(ret->code, '#');
        if (code)
                memmove(ret->code, code + 1, strlen(code));
        ret->code[strcspn(ret->code, ":")] = '\0';
        if (r == 0)
                r = aws_take(ret->message, sizeof ret->message, *body, "message");
        if (r == 0 && !*ret->message)
                r = aws_take(ret->message, sizeof ret->message, *body, "Message");
        return r;
}

/* A body that is neither XML nor JSON is a state of the answer, not an error. -ENOMEM. */
static int aws_read_answer(const struct net_response *rs, enum aws_service service, struct aws_answer *ret)
{
        CLEANUP(json_freep) cJSON *body = NULL;
        int r;

        ret->status = rs->status;
        ret->state = rs->state == ANSWER_OK && rs->status != 200 ? ANSWER_STATUS : rs->state;
        if (rs->state != ANSWER_OK)
                return 0;
        r = services[service].protocol == QUERY ? read_query(rs, &body, ret) : read_json(rs, &body, ret);
        if (r == -ENOMEM)
                return r;
        if (ret->state == ANSWER_OK && !body)
                ret->state = ANSWER_GARBAGE;
        if (ret->state == ANSWER_OK)
                ret->body = TAKE(body);
        return 0;
}

#define LINES_MAX 5
struct lines { struct text of[LINES_MAX]; size_t n; };

/* One of them is the session token. */
static void lines_done(struct lines *l)
{
        for (size_t i = 0; i < l->n; i++) {
                text_done(&l->of[i]);
        }
}

static void signed_line_add(struct lines *l, const char *name, const char *value)
{
        if (value)
                text_addf(&l->of[l->n++], "%s: %s", name, value);
}

static int send_once(struct aws_client *c, const struct aws_endpoint *to, const struct message *m, struct net_response *rs)
{
        CLEANUP(erase_freep) char *authorization = NULL;
        CLEANUP(lines_done) struct lines lines = { 0 };
        const char *type = content_types[services[m->service].protocol];
        const struct sigv4_header signed_too[] = { { "Content-Type", type }, { "X-Amz-Target", m->target } };
        char date[SIGV4_DATE_SIZE];
        const char *headers[LINES_MAX + 1] = { NULL };
        struct sigv4_request sign = { .method = "POST", .host = strstr(to->url, "://") + 3, .path = "/",
                                      .query = "", .headers = signed_too, .n_headers = m->target ? 2 : 1,
                                      .body = m->body, .len = m->len, .region = to->region,
                                      .service = services[m->service].name,
                                      .time_s = clock_wall_s() + c->skew_s };
        int r = sigv4_sign(&c->keys, &sign, date, &authorization);

        if (r < 0)
                return r;
        signed_line_add(&lines, "Authorization", authorization);
        signed_line_add(&lines, "X-Amz-Date", date);
        signed_line_add(&lines, "Content-Type", type);
        signed_line_add(&lines, "X-Amz-Target", m->target);
        signed_line_add(&lines, "X-Amz-Security-Token", c->keys.token);
        for (size_t i = 0; i < lines.n; i++) {
                if (lines.of[i].failed)
                        return -ENOMEM;
                headers[i] = lines.of[i].s;
        }
        return net_fetch(c->net, &(struct net_request){ .url = to->url, .method = "POST", .headers = headers,
                                                        .connect_ms = c->hurried ? HURRIED_MS : 5000,
                                                        .total_ms = c->hurried ? HURRIED_MS : 20000,
                                                        .max_bytes = BODY_MAX, .body = m->body,
                                                        .body_len = m->len, .tls = true,
                                                        .ca_file = c->ca_file }, rs);
}

/* The service's Date tells how wrong this clock is. */
static bool clock_corrected(struct aws_client *c, const struct aws_answer *a, const char *date)
{
        struct tm tm = { 0 };
        int64_t skew;

        if (!date || !aws_one_of(clock_codes, ARRAY_SIZE(clock_codes), a->code) ||
            !strptime(date, "%a, %d %b %Y %H:%M:%S GMT", &tm))
                return false;
        skew = (int64_t)timegm(&tm) - clock_wall_s();
        if (llabs(skew - c->skew_s) < SKEW_MIN_S)
                return false;
        c->skew_s = skew;
        return true;
}

static void wait_before(int again)
{
        unsigned most = 1000u << again, r = 0;

        (void)!getrandom(&r, sizeof r, 0);
        net_pause(r % (most < BACKOFF_MAX_MS ? most : BACKOFF_MAX_MS));
}

static int call(struct aws_client *c, const struct message *m, struct aws_answer *ret)
{
        CLEANUP(aws_endpoint_done) struct aws_endpoint to = { 0 };
        int r = aws_endpoint_resolve(c, m->service, &to);

        if (r < 0)
                return r;
        for (int try = 0;; try++) {
                struct net_response rs = { 0 };
                bool again;

                *ret = (struct aws_answer){ 0 };
                r = send_once(c, &to, m, &rs);
                if (r == 0)
                        r = aws_read_answer(&rs, m->service, ret);
                again = r == 0 && try + 1 < TRIES && ret->state != ANSWER_OK &&
                        (clock_corrected(c, ret, rs.date) || (!c->hurried && aws_passing(ret)));
                net_response_done(&rs);
                if (!again)
                        return r;
                aws_answer_done(ret);
                wait_before(try);
        }
}

static int send_query(struct aws_client *c, const struct aws_request *q, struct aws_answer *ret)
{
        CLEANUP(text_done) struct text form = { 0 };

        add_form(&form, q);
        return form.failed ? -ENOMEM : call(c, &(struct message){ q->service, NULL, form.s, form.len }, ret);
}

static int send_json(struct aws_client *c, const struct aws_request *q, struct aws_answer *ret)
{
        CLEANUP(freep) char *text = cJSON_PrintUnformatted(q->body);
        char target[128];

        snprintf(target, sizeof target, "%s.%s", services[q->service].version, q->action);
        return text ? call(c, &(struct message){ q->service, target, text, strlen(text) }, ret) : -ENOMEM;
}

int aws_send(struct aws_client *c, const struct aws_request *q, struct aws_answer *ret)
{
        if (aws_call_find(q->service, q->action) < 0)
                return -EINVAL;
        return services[q->service].protocol == QUERY ? send_query(c, q, ret) : send_json(c, q, ret);
}

void aws_answer_done(struct aws_answer *a)
{
        cJSON_Delete(a->body);
        a->body = NULL;
}
