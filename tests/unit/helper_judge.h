/* A container host made of facts, for the tests of verdicts. */
#pragma once
#include "rolewatch/judge.h"

#define RELATIVE_URI_VALUE "/v2/credentials/***"
#define TASK_ROLE "arn:aws:iam::111122223333:role/webTaskRole"
#define EXEC_ROLE "arn:aws:iam::111122223333:role/ecsTaskExecutionRole"

/*
 * One bridge task "web" with container "app", its first process `sh` (pid 10),
 * credential 0 (webTaskRole), namespace 0 where everything answers.
 */
struct snapshot *host_healthy(void);
/* One more task and container, without a process. Returns the index of the container. */
int host_task(struct snapshot *s, const char *family, const char *container);
/* A process with the container variable; exe is /usr/bin/NAME. */
struct process *host_process(struct snapshot *s, int container, pid_t pid, pid_t ppid,
                             const char *name);
/* The same without it. */
struct process *host_bare(struct snapshot *s, int container, pid_t pid, pid_t ppid,
                          const char *name);
/* Says that the process uses this SDK. */
void host_sdk(struct process *p, const char *family, const char *version);
/* Says that each process but pid 10 and the parents of others (30 counts as none) uses botocore, where nothing else is said: it calls AWS. */
void host_sdks(struct snapshot *s);
struct process *host_by_pid(struct snapshot *s, pid_t pid);

struct verdicts *host_judge(const struct snapshot *s);
const struct group *group_by_pid(const struct verdicts *v, pid_t pid);
/* The finding of the pid's group, or of the host for 0; NULL none. */
const struct finding *finding_by_pid(const struct verdicts *v, pid_t pid);
