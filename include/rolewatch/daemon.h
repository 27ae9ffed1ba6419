/* daemon -- `rolewatch watch`: scans, publishes what appears, changes and clears, and keeps the state of findings. */
#pragma once
#include "rolewatch/broker.h"
#include "rolewatch/config.h"
#include "rolewatch/notice.h"

/*
 * Runs an sd-event loop in this thread until SIGTERM or SIGINT, and then returns 0; -errno: it cannot start or continue.
 * config was read from config_file, and is freed here. SIGHUP reads the file again; with errors the previous settings stay
 * in force. broker_path: the broker's socket, which need not exist yet; NULL: the table of operations in this process.
 */
int daemon_run(const char *config_file, struct config *config, const char *broker_path);
