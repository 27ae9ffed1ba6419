/* process_judging -- programs that wait for a verdict, side by side and once each; a verdict's findings are published. */
#pragma once
#include "daemon_internal.h"

#define LAST_TRY 2                     /* of `queued`: it is judged once more, and then never again for this event */

int judging_new(struct daemon *d);     /* -errno */
void judging_free(struct daemon *d);
/* The program of this process is judged soon; where too many wait already, by the next full scan. */
void judging_add(struct daemon *d, const struct cached_process *e, uint64_t at_ns);
/* The same if the process still lives after min_process_age. */
void judging_add_later(struct daemon *d, const struct queued *x);
/* It has a verdict that still holds: one that is incomplete holds for two seconds, or min_process_age if that is less. */
bool program_is_judged(const struct daemon *d, const struct program *p);
/* Does a contact of these endpoints (MET_ bits) confirm what the program's verdict says? */
bool contact_confirms(const struct program *p, unsigned met);
/*
 * The first contact of its kind may overrule what was predicted, or be the first that is known of a program at all;
 * one that was predicted of a known SDK is no news, unless a finding waits for it.
 */
bool contact_is_news(const struct program *p, unsigned met);
/* True also where that cannot be seen for want of descriptors or memory. */
bool process_is_alive(const struct daemon *d, pid_t pid, uint64_t start_ticks);
