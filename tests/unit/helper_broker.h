/* helper_broker -- processes to look at, and a server to ask, for the broker's tests (as root). */
#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "../../agent/broker/server.h"
#include "../../agent/broker/wire.h"

/*
 * Puts the calling process into the control group of a container with this id, 64 hex
 * digits; NULL: into that of the machine's own root. The groups are gone with group_end.
 */
const char *test_container(void);               /* the id that this test program's children have */
void group_enter(const char *id);
void group_end(const char *id);

/* A child in test_container() that ran setup and then waits; setup may exec once it has closed everything. */
struct child { pid_t pid; struct broker_target t; };
struct child child_start(void (*setup)(const char *dir), const char *dir);
void child_stop(struct child *c);

struct served { pid_t pid; char path[64]; };
struct served server_start(const struct server_options *o);
int server_stop(struct served *s);              /* the wait status */
struct server_options server_root_only(void);

/* Open descriptors of a process, or -1. */
int fd_count(pid_t pid);
/* The server closes its copy after the answer is out: waits up to a second for max or fewer. */
bool fd_settles(pid_t pid, int max);
ino_t netns_of(pid_t pid);
struct broker_target start_of(pid_t pid);      /* of any process */
/* Connected, greeting read; the descriptor. */
int raw_connect(const char *path);
