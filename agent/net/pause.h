/* pause -- the wait between two attempts. It has its own file, so that tests can replace it. */
#pragma once
void net_pause(unsigned ms);
