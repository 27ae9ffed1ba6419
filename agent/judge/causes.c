/*
 * Why a process uses other credentials than expected, or none. The first row of
 * the table that applies is the cause; it has one sentence and one remedy.
 *
 * Names in braces are filled in: {who} the process; {last_holder} and
 * {first_without}, two of its ancestors, and {parent}, that of {first_without}; {init}, the first of the container; {rel} the variable; {expected} the role;
 * {detail} the detail of the deciding step of the chain; {keys} the variable with
 * the static key id; {file} the profile file; {profile} the selected profile;
 * {answer} of the container endpoint, {failure} why it gave no credentials; {sdk} with its release and {title} without;
 * {since} the first release with a container provider; {tokens} the first with
 * IMDSv2; {why} the role is expected.
 */
#include "causes.h"

/* ---- conditions of the rows ---- */

static bool winner_is(const struct cause_context *cx, enum provider p) { return cx->g->winner.provider == p; }

static bool keys_in(const struct process *p)
{
        return env_known(p) && (!is_blank(p->env[ENV_VAR_KEY_ID]) || !is_blank(p->env[ENV_VAR_OLD_KEY_ID]) ||
                                !is_blank(p->env[ENV_VAR_AMAZON_KEY_ID]));
}

/* Its chain would take the container credentials, but a denial shows that it used those of the instance. */
static bool requests_imds(const struct cause_context *cx)
{
        const struct walk_step *step = context_step(cx, PROVIDER_CONTAINER);

        return cx->g->denied && winner_is(cx, PROVIDER_IMDS) && step && step->state == STEP_WINS;
}

static bool keys_of_container(const struct cause_context *cx)
{
        return winner_is(cx, PROVIDER_ENV) && cx->init && keys_in(cx->init);
}

static bool keys_of_process(const struct cause_context *cx) { return winner_is(cx, PROVIDER_ENV); }
static bool java_properties(const struct cause_context *cx) { return winner_is(cx, PROVIDER_SYSPROPS); }
static bool web_identity(const struct cause_context *cx) { return winner_is(cx, PROVIDER_WEB_IDENTITY); }

static bool from_profile(const struct cause_context *cx)
{
        return winner_is(cx, PROVIDER_PROFILE) || winner_is(cx, PROVIDER_PROCESS) ||
               winner_is(cx, PROVIDER_SSO);
}

static bool profile_by_instance(const struct cause_context *cx)
{
        const struct profile_file *f;

        return from_profile(cx) && streq(context_key(cx, PROFILE_KEY_CREDENTIAL_SOURCE, &f), "Ec2InstanceMetadata");
}

static bool own_role(const struct cause_context *cx) { return from_profile(cx) && assumes_itself(cx->ix, cx->g); }
static bool profile_named(const struct cause_context *cx) { return from_profile(cx) && context_profile(cx); }

static bool execution_role(const struct cause_context *cx)
{
        return winner_is(cx, PROVIDER_CONTAINER) && has_relative_uri(cx->p) && cx->cred &&
               cx->cred->kind == CRED_EXECUTION;
}

static bool other_task(const struct cause_context *cx)
{
        return winner_is(cx, PROVIDER_CONTAINER) && has_relative_uri(cx->p) && cx->cred &&
               cx->cred->task_arn && !streq(cx->cred->task_arn, cx->task_arn);
}

static bool full_uri(const struct cause_context *cx)
{
        if (is_blank(cx->p->env[ENV_VAR_FULL_URI]))
                return false;
        return winner_is(cx, PROVIDER_CONTAINER) ||
               (context_stopped_at(cx, PROVIDER_CONTAINER) && !answer_bad(cx->answer));
}

static bool moved_endpoint(const struct cause_context *cx)
{
        return winner_is(cx, PROVIDER_CONTAINER) &&
               (!is_blank(cx->p->env[ENV_VAR_CONTAINER_ENDPOINT]) || !is_blank(cx->p->prop[SYSPROP_CONTAINER_ENDPOINT]));
}

static bool expired(const struct cause_context *cx) { return winner_is(cx, PROVIDER_CONTAINER) && cx->g->winner.via_expired; }
static bool other_uri(const struct cause_context *cx) { return winner_is(cx, PROVIDER_CONTAINER); }
static bool declared(const struct cause_context *cx) { return cx->e->declared && winner_is(cx, PROVIDER_CONTAINER); }
static bool half_key_pair(const struct cause_context *cx) { return context_stopped_at(cx, PROVIDER_ENV); }

static bool profile_error(const struct cause_context *cx)
{
        return context_stopped_at(cx, PROVIDER_PROFILE) || context_stopped_at(cx, PROVIDER_PROCESS) ||
               context_stopped_at(cx, PROVIDER_SSO);
}

static bool profile_missing(const struct cause_context *cx) { return context_stopped_at(cx, PROVIDER_PROFILE) && context_profile_missing(cx); }

static bool web_identity_error(const struct cause_context *cx) { return context_stopped_at(cx, PROVIDER_WEB_IDENTITY); }
static const char *relative_uri(const struct cause_context *cx) { return cx->p->env[ENV_VAR_RELATIVE_URI]; }
static bool empty_uri(const struct cause_context *cx) { return relative_uri(cx) && is_blank(relative_uri(cx)); }
static bool bad_uri(const struct cause_context *cx) { return has_relative_uri(cx->p) && relative_uri(cx)[0] != '/'; }

static bool has_no_container_step(const struct cause_context *cx)
{
        const struct chain_row *row = cx->g->winner.row;

        return cx->g->sdk_name && chain_row_instead(row) && (winner_is(cx, PROVIDER_IMDS) || winner_is(cx, PROVIDER_NONE));
}

static bool too_old(const struct cause_context *cx)
{
        const struct walk_step *w = context_step(cx, PROVIDER_CONTAINER);

        return has_relative_uri(cx->p) && cx->g->sdk_name && (!w || w->state == STEP_OFF) &&
               chain_row_container_since(cx->g->winner.row);
}

/* The container step failed and the SDK went on to IMDS, as some SDKs do. */
static bool fell_through(const struct cause_context *cx)
{
        const struct walk_step *w = context_step(cx, PROVIDER_CONTAINER);

        return winner_is(cx, PROVIDER_IMDS) && w && w->state == STEP_FAILED;
}

static bool fell_for_good(const struct cause_context *cx) { return fell_through(cx) && chain_row_sticky(cx->g->winner.row); }

static bool step_failed_by(const struct cause_context *cx, enum provider p, enum step_reason reason)
{
        const struct walk_step *w = context_step(cx, p);

        return w && (w->state == STEP_FAILED || w->state == STEP_STOPPED) && w->reason == reason;
}

static bool endpoint_proxied(const struct cause_context *cx) { return step_failed_by(cx, PROVIDER_CONTAINER, REASON_PROXIED); }
static bool imds_proxied(const struct cause_context *cx) { return step_failed_by(cx, PROVIDER_IMDS, REASON_PROXIED); }
static bool imds_v1_only(const struct cause_context *cx) { return step_failed_by(cx, PROVIDER_IMDS, REASON_V1_ONLY); }
static bool no_network(const struct cause_context *cx) { return cx->net && netns_cut_off(cx->net); }
static bool wrong_service(const struct cause_context *cx) { return cx->answer->state == ANSWER_GARBAGE; }
static bool throttled(const struct cause_context *cx) { return cx->answer->state == ANSWER_STATUS && cx->answer->status == 429; }

static bool id_unknown(const struct cause_context *cx)
{
        return cx->answer->state == ANSWER_STATUS && cx->answer->status >= 400 &&
               cx->answer->status < 500;
}

static bool pending(const struct cause_context *cx) { return cx->answer->state == ANSWER_STATUS; }
static bool agent_down(const struct cause_context *cx) { return agent_is_down(&cx->ix->s->host) && answer_bad(cx->answer); }
static bool unreachable(const struct cause_context *cx) { return answer_bad(cx->answer); }
/* Whichever URI is set: without its token the request is not made. */
static bool token_file(const struct cause_context *cx)
{
        const struct walk_step *w = context_step(cx, PROVIDER_CONTAINER);

        return !is_blank(cx->p->env[ENV_VAR_TOKEN_FILE]) && cx->p->token_file != FILE_OK && cx->p->token_file != FILE_MALFORMED &&
               w && (w->state == STEP_FAILED || w->state == STEP_STOPPED);
}

/* IMDS answers there, and no token comes: the answer to the token request does not survive the hop. */
static bool no_token_comes(const struct cause_context *cx)
{
        return cx->net && cx->net->imds_token.state == ANSWER_TIMEOUT && step_failed_by(cx, PROVIDER_IMDS, REASON_OTHER);
}

static bool hop_limit(const struct cause_context *cx) { return no_token_comes(cx) && cx->net->imds_v1.state == ANSWER_OK; }

static bool hop_limit_required(const struct cause_context *cx)
{
        return no_token_comes(cx) && cx->net->imds_v1.state == ANSWER_STATUS && cx->net->imds_v1.status == 401;
}

static bool always(const struct cause_context *cx)
{
        (void)cx;
        return true;
}

/* ---- the table ---- */

#define BY_VERDICT (-1)
#define BY_LINEAGE NULL
#define STARTED "{last_holder} started {first_without} without {rel}"
#define RAISE_HOP_LIMIT \
        "Set taskRoleArn in the task definition, so that {who} needs no instance role; if it must use the instance role, raise the hop " \
        "limit to 2: `aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2 --instance-id` with the id of the instance"
#define SAVE_RELATIVE_URI "`export -p | grep " RELATIVE_URI_NAME " > /run/env`"

static const struct cause_row rows[] = {
        { "asks-imds", BY_VERDICT, requests_imds, NULL,
          "the SDK's default chain would use the task role, but the program requests credentials "
          "from the instance metadata service directly",
          "Remove the instance provider (InstanceProfileCredentialsProvider, InstanceMetadataProvider, or a "
          "direct request to 169.254.169.254) from the program {who}, so that it uses the SDK's default chain", ANY, OF_PROCESS },
        /* An earlier step of the chain wins. */
        { "static-keys-container", BY_VERDICT, keys_of_container, NULL,
          "{keys} and its secret key are set in the container's environment and take precedence over "
          "the task role",
          "Remove {keys} and its secret key from the task definition (environment, secrets, "
          "environment file) or from the image, and start a new task", ANY, OF_CONTAINER },
        { "static-keys-process", BY_VERDICT, keys_of_process, NULL,
          "{keys} and its secret key are set in the environment of {who}, but not in the container's",
          "Find what sets {keys} for {who} (wrapper script, .env file, service definition), remove both "
          "keys there, and restart it", ANY, OF_PROCESS },
        { "java-properties", BY_VERDICT, java_properties, NULL,
          "Java system properties on the command line or in JAVA_TOOL_OPTIONS give {who} static keys",
          "Remove -Daws.accessKeyId and the property of its secret key from the Java options, and restart "
          "{who}", ANY, OF_PROCESS },
        { "web-identity", BY_VERDICT, web_identity, NULL,
          "AWS_WEB_IDENTITY_TOKEN_FILE or a profile makes {who} use a web identity",
          "Remove AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN (or web_identity_token_file in the profile), "
          "which ECS does not use, and start a new task", ANY, OF_VARIABLE(WEB_IDENTITY_TOKEN) },
        { "profile-instance-source", BY_VERDICT, profile_by_instance, NULL,
          "a profile in {file} gets its source credentials from the instance role: {detail}",
          "Set credential_source = EcsContainer instead of Ec2InstanceMetadata in {file}, and "
          "restart {who}", ANY, OF("{file}") },
        { "profile-own-role", BY_VERDICT, own_role, NULL,
          "a profile in {file} assumes {expected} with the credentials of {expected} itself, which works only if its trust policy names it",
          "Remove that profile from {file}, so that {who} uses {expected} directly, or name {expected} in its own trust policy", ANY, OF("{file}") },
        { "named-profile", BY_VERDICT, profile_named, NULL,
          "profile {profile} is selected and takes precedence over the task role: {detail}",
          "Unset AWS_PROFILE, AWS_DEFAULT_PROFILE and aws.profile for {who}, and restart it", ANY, OF("{profile}") },
        { "profile-file", BY_VERDICT, from_profile, NULL,
          "a profile file takes precedence over the task role: {detail}",
          "Remove {file} from the image or from the mounted volume, and restart {who}", ANY, OF("{file}") },
        { "declared-role", BY_VERDICT, declared, NULL,
          "{expected} is {why}, but other credentials take precedence: {detail}",
          "Configure {who} to use {expected}, or correct the declared need", ANY, OF_PROCESS },
        { "execution-role", BY_VERDICT, execution_role, NULL,
          "{rel} of {who} contains the credentials ID of the execution role",
          "Remove {rel} from the task definition and its secrets, and start a new task; the ECS agent "
          "sets the variable to the task role", ANY, OF_VARIABLE(RELATIVE_URI) },
        { "other-task", BY_VERDICT, other_task, NULL,
          "{rel} of {who} contains the credentials ID of another task",
          "Remove the copied {rel} from the image or start script, and start a new task; the ECS agent "
          "sets the variable", ANY, OF_VARIABLE(RELATIVE_URI) },
        { "credentials-expired", FINDING_CREDENTIALS_EXPIRED, expired, NULL,
          "the container endpoint returns expired credentials",
          "Find out why the ECS agent gets no new credentials (connection to ECS, "
          "/var/log/ecs/ecs-agent.log), and restart it: `systemctl restart ecs`", ANY, OF_CONTAINER },
        { "token-file", BY_VERDICT, token_file, NULL,
          "the file that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names cannot be read",
          "Unset AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE for {who}, and AWS_CONTAINER_CREDENTIALS_FULL_URI if it is set, "
          "and restart it; the ECS agent sets neither and requires no token", ANY, OF_VARIABLE(TOKEN_FILE) },
        { "full-uri", BY_VERDICT, full_uri, NULL,
          "AWS_CONTAINER_CREDENTIALS_FULL_URI is set for {who}, although ECS does not use it",
          "Unset AWS_CONTAINER_CREDENTIALS_FULL_URI and AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE for {who}, so that the SDK uses {rel}, and "
          "restart it", ANY, OF_VARIABLE(FULL_URI) },
        { "service-endpoint", BY_VERDICT, moved_endpoint, NULL,
          "AWS_CONTAINER_SERVICE_ENDPOINT sets another host as the container endpoint",
          "Unset AWS_CONTAINER_SERVICE_ENDPOINT and aws.containerServiceEndpoint for {who}, and "
          "restart it", ANY, OF_VARIABLE(CONTAINER_ENDPOINT) },
        { "other-uri", BY_VERDICT, other_uri, NULL,
          "{rel} of {who} is not the value that the ECS agent set for its task",
          "Stop setting {rel} yourself, so that the value from the ECS agent stays, and restart "
          "{who}", ANY, OF_PROCESS },

        /* A step ends the chain with an error. */
        { "half-key-pair", BY_VERDICT, half_key_pair, NULL,
          "{keys} is set without its secret key, and this SDK treats that as an error",
          "Unset {keys} for {who}, and restart it", ANY, OF_VARIABLE(KEY_ID) },
        { "profile-missing", BY_VERDICT, profile_missing, NULL,
          "profile {profile} is selected, but no profile file has it, and this SDK treats that as an error",
          "Unset AWS_PROFILE, AWS_DEFAULT_PROFILE and aws.profile for {who}, and restart it", ANY, OF("{profile}") },
        { "profile-error", BY_VERDICT, profile_error, NULL,
          "this SDK stops at an error in the profile: {detail}",
          "Correct or remove {file}, and restart {who}", ANY, OF("{file}") },
        { "web-identity-error", BY_VERDICT, web_identity_error, NULL,
          "this SDK stops at an error in the web identity: {detail}",
          "Unset AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN for {who}, and restart it", ANY, OF_VARIABLE(WEB_IDENTITY_TOKEN) },
        { "empty-uri", BY_VERDICT, empty_uri, NULL,
          "{rel} is set but empty in {who}",
          "Find what empties {rel} (start script, crontab, or ENV in the image), stop it, so that the value from the ECS agent stays, and "
          "restart {who}", ANY, OF_VARIABLE(RELATIVE_URI) },
        { "bad-uri", BY_VERDICT, bad_uri, NULL,
          "{rel} of {who} is not a path",
          "Stop setting {rel} yourself, so that the value from the ECS agent stays, and restart "
          "{who}", ANY, OF_VARIABLE(RELATIVE_URI) },

        { "tool-without-container", BY_VERDICT, has_no_container_step, NULL,
          "{title} never contacts the container endpoint: it uses keys from its own configuration, from its environment, or from the "
          "instance role",
          "{instead}; restart {who}", ANY, OF_PROCESS },

        /* The variable is not in this process. */
        { "lost-cron", BY_VERDICT, BY_LINEAGE, "cron job", STARTED,
          "Save the variable at the start of the entrypoint (" SAVE_RELATIVE_URI "), and start the "
          "command in the crontab with `. /run/env;`; the next run of the job then has " RELATIVE_URI_NAME, ANY, OF_PROCESS },
        { "lost-sudo", BY_VERDICT, BY_LINEAGE, "sudo command", STARTED,
          "Add `Defaults env_keep += \"" RELATIVE_URI_NAME "\"` to /etc/sudoers in the image, and restart "
          "{first_without}", ANY, OF_PROCESS },
        { "lost-su", BY_VERDICT, BY_LINEAGE, "su command", STARTED,
          "Run su or runuser without the login option (`-`, `-l`), which drops " RELATIVE_URI_NAME ", "
          "and restart {first_without}", ANY, OF_PROCESS },
        { "lost-sshd", BY_VERDICT, BY_LINEAGE, "ssh session", STARTED,
          "Write " RELATIVE_URI_NAME " to ~/.ssh/environment when the container starts, set "
          "PermitUserEnvironment yes in sshd_config, and log in again", ANY, OF_PROCESS },
        { "lost-php-fpm", BY_VERDICT, BY_LINEAGE, "php-fpm worker", STARTED,
          "Set `env[" RELATIVE_URI_NAME "] = $" RELATIVE_URI_NAME "` (or clear_env = no) in the pool "
          "configuration, and restart php-fpm", ANY, OF_PROCESS },
        { "lost-s6", BY_VERDICT, BY_LINEAGE, "s6 service", STARTED,
          "Start the service's run script with `#!/command/with-contenv sh`, which restores "
          RELATIVE_URI_NAME ", and restart the service", ANY, OF_PROCESS },
        { "lost-systemd", BY_VERDICT, BY_LINEAGE, "systemd unit", STARTED,
          "Add `PassEnvironment=" RELATIVE_URI_NAME "` to the unit, and restart it", ANY, OF_PROCESS },
        { "lost-runit", BY_VERDICT, BY_LINEAGE, "runit service", STARTED,
          "Save the variable at the start of the entrypoint (" SAVE_RELATIVE_URI "), load it in the run script with "
          "`. /run/env`, and restart the service", ANY, OF_PROCESS },
        { "lost-nginx", BY_VERDICT, BY_LINEAGE, "nginx worker", STARTED,
          "Add `env " RELATIVE_URI_NAME ";` to nginx.conf (passenger_env_var under Passenger), and "
          "restart nginx", ANY, OF_PROCESS },
        { "lost-apache", BY_VERDICT, BY_LINEAGE, "Apache child", STARTED,
          "Add `PassEnv " RELATIVE_URI_NAME "` to Apache's configuration, and restart it", ANY, OF_PROCESS },
        { "lost-service", BY_VERDICT, BY_LINEAGE, "init-script service", STARTED,
          "Start the program directly from the entrypoint instead of through its init script, which "
          "clears the environment and " RELATIVE_URI_NAME " with it", ANY, OF_PROCESS },
        { "lost-parent", BY_VERDICT, BY_LINEAGE, NULL, STARTED,
          "Make {last_holder} pass " RELATIVE_URI_NAME " to {first_without}, which it starts with a new environment "
          "(`env -i`, or an environment built in code), and restart {first_without}", ANY, OF_PROCESS },
        { "lost-below-init", BY_VERDICT, BY_LINEAGE, NULL,
          "{first_without}, a child of {parent}, was started without {rel}",
          "Find what starts {first_without} with a new environment (`env -i`, an environment built in code, an "
          "init script), pass " RELATIVE_URI_NAME " there, and restart {first_without}", ANY, OF_PROCESS },
        { "lost-orphan", BY_VERDICT, BY_LINEAGE, NULL,
          "no running ancestor of {who} in its container has {rel}: the process that started "
          "{first_without} without it has exited",
          "Pass " RELATIVE_URI_NAME " where {first_without} is started, and restart it", ANY, OF_PROCESS },
        { "lost-entrypoint", BY_VERDICT, BY_LINEAGE, NULL,
          "the container's first process, {init}, does not have {rel}: the entrypoint removes it from the environment",
          "Change the entrypoint of this container so that it keeps " RELATIVE_URI_NAME ", and start a new task", ANY, OF_CONTAINER },
        { "lost-unknown", BY_VERDICT, BY_LINEAGE, NULL,
          "no ancestor of {who} in its container is known to have {rel}, and the environment of the first process, {init}, is not known",
          "Find what starts {who} without " RELATIVE_URI_NAME " (the entrypoint, or {init}), pass it there, and restart {who}", ANY, OF_PROCESS },

        /* The variable is there, but the SDK or the endpoint fails. */
        { "sdk-too-old", FINDING_SDK_TOO_OLD, too_old, NULL,
          "{sdk} does not read {rel}: support for task roles came with {since}",
          "Update {title} to {since} or later, and restart {who}", ANY, OF_PROCESS },
        { "endpoint-through-proxy", BY_VERDICT, endpoint_proxied, NULL,
          "{sdk} sends requests to the container endpoint through the HTTP proxy set in the environment",
          "Add 169.254.170.2 and 169.254.169.254 to NO_PROXY of {who}, and restart it", ANY, OF_CONTAINER },
        { "sdk-sequential", FINDING_SDK_STICKY, fell_for_good, NULL,
          "{sdk} gets no credentials from the container endpoint ({failure}), so it falls back to the instance role and keeps it",
          "Resolve this failure, then restart {who}; {title} does not return to the container endpoint by itself", AFTER_GRACE, OF_PROCESS },
        { "sdk-sequential-until-expiry", FINDING_SDK_STICKY, fell_through, NULL,
          "{sdk} gets no credentials from the container endpoint ({failure}), so it falls back to the instance role until those "
          "credentials expire, hours later",
          "Resolve this failure, then restart {who}; without a restart, {title} returns to the container endpoint only when "
          "the credentials of the instance role expire", AFTER_GRACE, OF_PROCESS },
        /* A task without a role, whose SDK would take the instance role but cannot get it. */
        { "imds-through-proxy", FINDING_NO_CREDENTIALS, imds_proxied, NULL,
          "{sdk} sends requests to the instance metadata service through the HTTP proxy set in the environment",
          "Add 169.254.169.254 to NO_PROXY of {who}, and restart it", ROLELESS, OF_CONTAINER },
        { "imds-v1-only", FINDING_NO_CREDENTIALS, imds_v1_only, NULL,
          "{sdk} supports IMDSv1 only, but this instance requires IMDSv2",
          "Update {title} to {tokens} or later, and restart {who}", ROLELESS, OF_PROCESS },
        { "imds-hop-limit", FINDING_NO_CREDENTIALS, hop_limit, NULL,
          "{sdk} does not fall back to IMDSv1, and no IMDSv2 token reaches this container: the hop limit of the instance is 1",
          RAISE_HOP_LIMIT, ROLELESS, OF_CONTAINER },
        { "imds-hop-limit-required", FINDING_NO_CREDENTIALS, hop_limit_required, NULL,
          "this instance requires IMDSv2, and no token reaches this container: the hop limit of the instance is 1",
          RAISE_HOP_LIMIT, ROLELESS, OF_CONTAINER },
        { "no-network", FINDING_NO_CREDENTIALS, no_network, NULL,
          "its network namespace has no route to the container endpoint, as with network mode none",
          "Set networkMode to bridge, awsvpc or host in the task definition", ANY, OF_CONTAINER },
        { "endpoint-throttled", FINDING_ENDPOINT_FLAPPING, throttled, NULL,
          "the ECS agent throttles credential requests ({answer})",
          "Share one SDK client in each process, so that credentials are cached, or raise "
          "ECS_TASK_METADATA_RPS_LIMIT in /etc/ecs/ecs.config and run `systemctl restart ecs`", ANY, OF_CONTAINER },
        { "credentials-id-unknown", FINDING_NO_CREDENTIALS, id_unknown, NULL,
          "the ECS agent does not know the credentials ID in {rel} ({answer})",
          "Set taskRoleArn in the task definition, remove any {rel} from the image, and start a new task",
          AFTER_GRACE, OF_CONTAINER },
        { "endpoint-pending", FINDING_ENDPOINT_FLAPPING, pending, NULL,
          "the container endpoint does not return credentials for the task yet ({answer})",
          "Check that the ECS agent is connected to ECS (/var/log/ecs/ecs-agent.log), and "
          "restart it: `systemctl restart ecs`", AFTER_GRACE, OF_CONTAINER },
        { "agent-down", FINDING_ENDPOINT_UNREACHABLE, agent_down, NULL,
          "the ECS agent does not answer on this host ({answer})",
          "Start the ECS agent: `systemctl restart ecs`", AFTER_GRACE, OF_CONTAINER },
        { "endpoint-wrong-service", FINDING_ENDPOINT_UNREACHABLE, wrong_service, NULL,
          "the container endpoint answers, but not with credentials ({answer})",
          "Point the DNAT rule for 169.254.170.2 to 127.0.0.1:51679 (51678 is the agent's "
          "introspection port): `systemctl restart ecs` sets it again", ANY, OF_CONTAINER },
        { "endpoint-cut-off", FINDING_ENDPOINT_UNREACHABLE, unreachable, NULL,
          "the container endpoint 169.254.170.2 is unreachable from its network namespace "
          "({answer})",
          "Restore the DNAT rule for 169.254.170.2 and net.ipv4.conf.all.route_localnet=1: "
          "`systemctl restart ecs` sets both; if both are there, remove the firewall rule that drops packets to "
          "127.0.0.1:51679 (`iptables -S INPUT`)", ANY, OF_CONTAINER },
        { "other", BY_VERDICT, always, NULL,
          "{detail}",
          "Configure {who} to use the SDK's default credential chain, so that {rel} is read, and restart it", ANY, OF_PROCESS },
};

size_t cause_row_count(void)
{
        return ARRAY_SIZE(rows);
}

const struct cause_row *cause_row_get(size_t i)
{
        return i < ARRAY_SIZE(rows) ? &rows[i] : NULL;
}

const struct cause_row *cause_row_of(const char *mechanism)
{
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
                if (streq(rows[i].mechanism, mechanism))
                        return &rows[i];
        return NULL;
}

static bool has_of_container(const struct cause_context *cx, enum env_var id)
{
        if (!cx->init || !env_known(cx->init) || !cx->p->env[id] || !streq(cx->p->env[id], cx->init->env[id]))
                return false;
        /* The URI itself is not in the facts. */
        return id != ENV_VAR_RELATIVE_URI || cx->p->cred_relative == cx->init->cred_relative;
}

const char *cause_shared_names(const struct cause_row *row, const struct cause_context *cx)
{
        return row->by_variable && !has_of_container(cx, row->variable) ? NULL : row->names;
}

bool cause_applies(const struct cause_row *row, const struct cause_context *cx)
{
        return row->applies ? row->applies(cx) : streq(cx->lineage.mechanism, row->mechanism);
}
