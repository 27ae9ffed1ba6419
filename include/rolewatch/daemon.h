/* daemon -- `rolewatch watch`: looks, tells what changed, keeps what it told. */
#pragma once
#include "rolewatch/broker.h"
#include "rolewatch/config.h"
#include "rolewatch/notice.h"

/*
 * Runs until SIGTERM or SIGINT (0), on sd-event in this thread. config is what
 * was read from config_file, and is freed. SIGHUP reads it again; with faults
 * the former settings stay in force. broker_path: the broker's socket, which
 * need not be there yet; NULL: its table in this process. -errno where it
 * cannot begin or go on.
 */
int daemon_run(const char *config_file, struct config *config, const char *broker_path);
