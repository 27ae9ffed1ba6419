/* service -- the two parts of systemd's protocol for daemons that the broker needs. */
#pragma once
/* The one listening SOCK_SEQPACKET socket that the service was started with (sd_listen_fds(3)). -ENOTSOCK: none, or another. */
int service_socket(int *ret);
/* "READY=1\n..." to who started the service (sd_notify(3)). 0 nobody wants to know, 1 told, -errno. */
int service_tell(const char *text);
