/* service -- socket activation and sd_notify(3), without libsystemd. */
#pragma once
/* The one listening SOCK_SEQPACKET socket that systemd passed (sd_listen_fds(3)). -ENOTSOCK: none, or of another kind. */
int service_socket(int *ret);
/* Sends "READY=1\n..." as sd_notify(3): 1 sent; 0: NOTIFY_SOCKET is not set; -errno. */
int service_notify(const char *text);
