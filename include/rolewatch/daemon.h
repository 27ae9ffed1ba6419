/* daemon -- `rolewatch watch`: looks, tells what changed, keeps what it told. */
#pragma once
#include "rolewatch/broker.h"
#include "rolewatch/config.h"
#include "rolewatch/notice.h"

/*
 * Runs until SIGTERM or SIGINT (0), on sd-event in this thread. SIGHUP reads the
 * settings again; with faults the former stay in force. broker_path: the
 * broker's socket, which need not be there yet; NULL: its table in this process.
 * -errno where it cannot begin.
 */
int daemon_run(const char *config_file, const char *broker_path);
