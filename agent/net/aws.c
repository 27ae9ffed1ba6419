#include <ctype.h>
#include <stdio.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>
#include "rolewatch/aws.h"
#include "sigv4.h"

#define TRIES 3
#define BACKOFF_MAX_MS 20000
#define BODY_MAX ((size_t)8 << 20)
#define SKEW_MIN_S 240                 /* AWS refuses beyond five minutes */

/* Endpoint rule sets of IAM, and the region its requests are signed for. */
static const struct { const char *partition, *endpoint, *region; } iam_places[] = {
        { "aws", "https://iam.amazonaws.com", "us-east-1" },
        { "aws-cn", "https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1" },
        { "aws-us-gov", "https://iam.us-gov.amazonaws.com", "us-gov-west-1" },
        { "aws-iso", "https://iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1" },
        { "aws-iso-b", "https://iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1" },
        { "aws-iso-e", "https://iam.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1" },
        { "aws-iso-f", "https://iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1" },
        { "aws-eusc", "https://iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1" },
};
static const char *const passing_codes[] = {
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "TooManyRequestsException", "RequestLimitExceeded", "BandwidthLimitExceeded",
        "LimitExceededException", "RequestThrottled", "SlowDown", "PriorRequestNotComplete",
        "RequestTimeout", "RequestTimeoutException", "ServiceFailure",
};
static const char *const clock_codes[] = { "RequestExpired", "SignatureDoesNotMatch",
                                           "InvalidSignatureException", "RequestTimeTooSkewed" };

static bool one_of(const char *const *list, size_t n, const char *code)
{
        for (size_t i = 0; i < n; i++)
                if (streq(list[i], code))
                        return true;
        return false;
}

bool aws_passing(const struct aws_answer *a)
{
        return a->status >= 500 || a->status == 429 ||
               one_of(passing_codes, ARRAY_SIZE(passing_codes), a->code);
}

const char *aws_partition_of(const char *region)
{
        static const struct { const char *prefix, *partition; } regions[] = {
                { "cn-", "aws-cn" }, { "us-gov-", "aws-us-gov" }, { "us-iso-", "aws-iso" },
                { "us-isob-", "aws-iso-b" }, { "eu-isoe-", "aws-iso-e" }, { "us-isof-", "aws-iso-f" },
                { "eusc-", "aws-eusc" },
        };

        for (size_t i = 0; region && i < ARRAY_SIZE(regions); i++)
                if (strncmp(region, regions[i].prefix, strlen(regions[i].prefix)) == 0)
                        return regions[i].partition;
        return "aws";
}

static void add_encoded(struct text *t, const char *s)
{
        for (; *s; s++)
                if (isalnum((unsigned char)*s) || strchr("-._~", *s))
                        text_addn(t, s, 1);
                else
                        text_addf(t, "%%%02X", (unsigned char)*s);
}

static void add_form(struct text *t, const char *action, const struct aws_param *params, size_t n)
{
        text_add(t, "Action=");
        add_encoded(t, action);
        text_add(t, "&Version=2010-05-08");
        for (size_t i = 0; i < n; i++) {
                text_add(t, "&");
                add_encoded(t, params[i].name);
                text_add(t, "=");
                add_encoded(t, params[i].value);
        }
}

static void take(char *to, size_t size, const cJSON *o, const char *key)
{
        CLEANUP(text_done) struct text t = { 0 };
        const char *v;

        if (json_get_str(o, key, 4096, &v) < 0)
                return;
        text_escape_cut(&t, v, strlen(v), size - 1);
        snprintf(to, size, "%s", t.s ? t.s : "");
}

/* <ErrorResponse><Error><Code/><Message/></Error></ErrorResponse> */
static void read_answer(const struct net_response *rs, struct aws_answer *ret)
{
        CLEANUP(json_freep) cJSON *body = NULL;
        const cJSON *error;

        ret->status = rs->status;
        ret->state = rs->state == ANSWER_OK && rs->status != 200 ? ANSWER_STATUS : rs->state;
        if (rs->state != ANSWER_OK || xml_parse(rs->body, rs->len, &body) < 0) {
                if (ret->state == ANSWER_OK)
                        ret->state = ANSWER_GARBAGE;
                return;
        }
        error = cJSON_GetObjectItemCaseSensitive(body, "Error");
        take(ret->code, sizeof ret->code, error, "Code");
        take(ret->message, sizeof ret->message, error, "Message");
        if (ret->state == ANSWER_OK)
                ret->body = TAKE(body);
}

static const struct sigv4_header form_type = {
        "Content-Type", "application/x-www-form-urlencoded; charset=utf-8"
};

static int send_once(struct aws_client *c, const char *url, const char *region, const struct text *form,
                     struct net_response *rs)
{
        CLEANUP(erase_freep) char *authorization = NULL;
        CLEANUP(text_done) struct text auth = { 0 }, date_header = { 0 }, token = { 0 };
        char date[SIGV4_DATE_SIZE];
        const char *headers[] = { "Content-Type: application/x-www-form-urlencoded; charset=utf-8", NULL,
                                  NULL, NULL, NULL };
        struct sigv4_request sign = { .method = "POST", .host = strstr(url, "://") + 3, .path = "/",
                                      .query = "", .headers = &form_type, .n_headers = 1,
                                      .body = form->s, .len = form->len, .region = region,
                                      .service = "iam", .time_s = (int64_t)time(NULL) + c->skew_s };
        int r = sigv4_sign(&c->keys, &sign, date, &authorization);

        if (r < 0)
                return r;
        text_addf(&auth, "Authorization: %s", authorization);
        text_addf(&date_header, "X-Amz-Date: %s", date);
        if (c->keys.token)
                text_addf(&token, "X-Amz-Security-Token: %s", c->keys.token);
        if (auth.failed || date_header.failed || token.failed)
                return -ENOMEM;
        headers[1] = auth.s;
        headers[2] = date_header.s;
        headers[3] = token.s;
        r = net_fetch(c->net, &(struct net_request){ .url = url, .method = "POST", .headers = headers,
                                                     .connect_ms = 5000, .total_ms = 20000,
                                                     .max_bytes = BODY_MAX, .body = form->s,
                                                     .body_len = form->len, .tls = true,
                                                     .ca_file = c->ca_file }, rs);
        if (token.s)
                explicit_bzero(token.s, token.len);
        return r;
}

/* The service's Date tells how wrong this clock is. */
static bool clock_corrected(struct aws_client *c, const struct aws_answer *a, const char *date)
{
        struct tm tm = { 0 };
        int64_t skew;

        if (!date || !one_of(clock_codes, ARRAY_SIZE(clock_codes), a->code) ||
            !strptime(date, "%a, %d %b %Y %H:%M:%S GMT", &tm))
                return false;
        skew = (int64_t)timegm(&tm) - (int64_t)time(NULL);
        if (llabs(skew - c->skew_s) < SKEW_MIN_S)
                return false;
        c->skew_s = skew;
        return true;
}

static void wait_before(int again)
{
        unsigned most = 1000u << again, r = 0;
        struct timespec t;

        (void)!getrandom(&r, sizeof r, 0);
        most = r % (most < BACKOFF_MAX_MS ? most : BACKOFF_MAX_MS);
        t = (struct timespec){ most / 1000, (long)(most % 1000) * 1000000 };
        nanosleep(&t, NULL);
}

int aws_iam(struct aws_client *c, const char *action, const struct aws_param *params, size_t n,
            struct aws_answer *ret)
{
        CLEANUP(text_done) struct text form = { 0 };
        const char *endpoint = c->endpoint, *region = "us-east-1";

        for (size_t i = 0; i < ARRAY_SIZE(iam_places); i++)
                if (streq(iam_places[i].partition, c->partition)) {
                        endpoint = endpoint ? endpoint : iam_places[i].endpoint;
                        region = iam_places[i].region;
                }
        add_form(&form, action, params, n);
        if (form.failed)
                return -ENOMEM;
        if (!endpoint || !strstr(endpoint, "://") || strchr(strstr(endpoint, "://") + 3, '/'))
                return -EINVAL;
        for (int try = 0;; try++) {
                struct net_response rs = { 0 };
                bool again;
                int r = send_once(c, endpoint, region, &form, &rs);

                *ret = (struct aws_answer){ 0 };
                if (r == 0)
                        read_answer(&rs, ret);
                again = r == 0 && try + 1 < TRIES && ret->state != ANSWER_OK &&
                        (clock_corrected(c, ret, rs.date) || aws_passing(ret));
                net_response_done(&rs);
                if (!again)
                        return r;
                aws_answer_done(ret);
                wait_before(try);
        }
}

void aws_answer_done(struct aws_answer *a)
{
        cJSON_Delete(a->body);
        a->body = NULL;
}
