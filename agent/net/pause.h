/* pause -- the wait between two tries, in a file of its own: what replaces the network in a test need not wait. */
#pragma once
void net_pause(unsigned ms);
