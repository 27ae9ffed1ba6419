/* auxv -- which execution of a program a process goes back to, by its auxiliary vector (getauxval(3)). Pure. */
#pragma once
#include "rolewatch/base.h"

/*
 * A digest of /proc/PID/auxv: the addresses at which exec put the program, its stack, the loader and the vDSO. The kernel
 * chooses them at random (ASLR), a fork keeps them, and the program cannot write to them (PR_SET_MM needs CAP_SYS_RESOURCE).
 * 0: it tells nothing, because it is not that of a 64-bit program, or the stack is where it always is without ASLR.
 */
uint64_t auxv_execution(const char *bytes, size_t len);
