/* The command table: `rolewatch help` prints it, rolewatch(1) and the completions are written from it. */
#pragma once
#include "help.h"

int cmd_check(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_snapshot(int argc, char **argv);
int cmd_chains(int argc, char **argv);
int cmd_decode(int argc, char **argv);
int cmd_roles(int argc, char **argv);
int cmd_watch(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_config(int argc, char **argv);
int cmd_findings(int argc, char **argv);
int cmd_bundle(int argc, char **argv);
int cmd_needs(int argc, char **argv);
int cmd_policy(int argc, char **argv);

extern const struct command_table command_table;
