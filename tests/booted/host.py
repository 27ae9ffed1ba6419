"""On the booted host: tasks as the ECS agent starts them, with the systemd driver of control groups.

    host.py task FAMILY ROLE SCRIPT [DOCKER_OPTION...]    starts a task of one container; prints the container's id
"""
import os
import sys

os.environ["ROLEWATCH_LAB_DIR"] = "/opt/host"
import labhost  # noqa: E402


def task(family, role, script, *options):
    t = labhost.Task(family, role)
    # As the agent names it where Docker's driver is systemd's: ecstasks.slice/ecstasks-ID.slice.
    return t.container("app", script, image="booted/debian:1", args=("--cgroup-parent", f"ecstasks-{t.id}.slice", *options))


if __name__ == "__main__":
    print(task(*sys.argv[2:]))
