"""A job for rq every second: each is a fork of its worker."""
import time

import redis
import rq

queue = rq.Queue(connection=redis.Redis())
while True:
    queue.enqueue(time.sleep, 0.2)
    time.sleep(1)
