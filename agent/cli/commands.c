#include "commands.h"
#include "rolewatch/base.h"

/*
 * The arguments are read by packaging/pages, too: [] may be left away, ... may come again, | is one of them,
 * words in capitals stand for a value, all else is typed as it stands.
 */
static const struct command commands[] = {
        { "check", "[--json] [--from FILE] [--verbose]", "one look: who acts as whom, and what is wrong", cmd_check },
        { "explain", "[--from FILE] PID|CONTAINER|TASK", "the walk through the chain, step by step", cmd_explain },
        { "report", "--html [-o FILE] [--from FILE]", "the host as one page with a picture: who acts as whom, who should", cmd_report },
        { "snapshot", "[-o FILE] [--verbose]", "save all facts as JSON, to be judged elsewhere", cmd_snapshot },
        { "watch", "[--config FILE] [--verbose]", "the daemon: tells the journal what appears, changes and clears", cmd_watch },
        { "status", "[--json] [--config FILE]", "what the running daemon knows, and how it fares", cmd_status },
        { "config", "[--check] [--print] [--config FILE]", "the daemon's settings: faults, or all that are in force",
          cmd_config },
        { "findings", "[--json] [--names] [FINDING...]", "what can be found, and the ids of its journal entries", cmd_findings },
        { "chains", "[--json] [SDK[@VERSION]]", "who wins in each AWS SDK, and by what it is proven", cmd_chains },
        { "needs", "[--from FILE]", "declared needs: where each applies, and what is odd about it", cmd_needs },
        { "bundle", "--role NAME... [-o FILE]", "policies of roles from IAM, for hosts without a right to ask",
          cmd_bundle },
        { "roles", "[--json] [--list] [--offline|--from FILE] [--cluster CLUSTER] [--service SERVICE]... [TASKDEF...]",
          "the ECS roles in one place: what for, trust, policies, verdict", cmd_roles },
        { "decode", "[--json] [--here|--from FILE|--forms] [TEXT|-]", "who an error text speaks of, and what to change",
          cmd_decode },
        { "policy", "eval|statement [--rulings] [--iam] [--ecs] [--services] [--cloudwatch] [--cluster CLUSTER] [--region REGION] "
                    "[--account ACCOUNT] [--partition PARTITION] [--namespace NAMESPACE]",
          "would these calls be allowed; what rolewatch's own calls need", cmd_policy },
        { "help", "[--json]", "this page", NULL },
        { "version", "", "the version", NULL },
};

static const struct option_help option_helps[] = {
        { "--json", "the same for programs" },
        { "--from", "of a saved snapshot, instead of this host" },
        { "--verbose", "log why a process is skipped, deferred or not judged, and how long each part takes" },
        { "-o", "into this file, which only its owner can read" },
        { "--config", "another file of settings" },
        { "--check", "only the faults" },
        { "--print", "all settings, and where each was set" },
        { "--role", "a role whose policies are asked for" },
        { "--list", "the catalogue of all roles, which needs no facts" },
        { "--offline", "ask none of AWS's services" },
        { "--cluster", "another cluster than the host's own" },
        { "--service", "a service to look at, too" },
        { "--here", "with what this host adds" },
        { "--forms", "list all forms of text that are known, each with an example" },
        { "--html", "one self-contained page, without scripts" },
        { "--names", "all names of metrics, journal fields and events, for programs" },
        { "--rulings", "with eval: print the cases on which AWS's sources conflict, and how each is decided" },
        { "--iam", "of the policy: what asking IAM needs" },
        { "--ecs", "what asking ECS for definitions and tasks needs" },
        { "--services", "what asking for services, scaling and load balancers needs" },
        { "--cloudwatch", "what sending metrics needs" },
        { "--region", "in this region only" },
        { "--account", "in this account only" },
        { "--partition", "aws, aws-cn, aws-us-gov" },
        { "--namespace", "of the metrics" },
};

const struct command_table command_table = { commands, ARRAY_SIZE(commands), option_helps, ARRAY_SIZE(option_helps) };
