"""Workers with a title of their own, as many Python services have."""
import os
import signal
import time

import setproctitle

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for i in range(2):
    if os.fork() == 0:
        setproctitle.setproctitle(f"worker {i}: waiting for what there may be to do")
        while True:
            time.sleep(1)
setproctitle.setproctitle("scheduler: 2 workers, none of which has anything to do at the moment")
while True:
    time.sleep(1)
