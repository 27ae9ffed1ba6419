import os

import celery

app = celery.Celery("tasks", broker=os.environ.get("QUEUE", "memory://"))


@app.task
def nothing():
    return 1
