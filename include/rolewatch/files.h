/* files -- reads the profile and token files of a process, below its own root and with its own HOME. */
#pragma once
#include "rolewatch/process_file.h"

/* Both profile files and the state of both token files of p, by its env and prop. 0 or -ENOMEM. */
int files_read(const struct file_view *v, struct process *p);
/* The home folder by the passwd file, if p has an SDK that takes it. After the SDKs of p are known. 0 or -ENOMEM. */
int files_passwd_home(const struct file_view *v, struct process *p);
