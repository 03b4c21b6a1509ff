"""Carries out the tasks of an ECS cluster as programs of this machine, each on the loopback address of its task.

    python fargate.py <cluster> <folder>

A task gets a folder of its own below the folder, with the process group in the file pid and what it says in the file log.
A task whose program has ended is stopped, as ECS stops one whose essential container has."""

import os
import signal
import subprocess
import sys
import time

from botocore.session import get_session

PAUSE_SECONDS = 0.2
PATIENCE_SECONDS = 5
#: arguments that keep a program to its task's address, which is the only one that it would have in AWS
ON_ADDRESS = {"dask-scheduler": ["--host"], "dask-worker": ["--host"]}


def running_tasks(ecs, cluster):
    arns = ecs.list_tasks(cluster=cluster, desiredStatus="RUNNING")["taskArns"]
    return ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"] if arns else []


def start(task, folder):
    [container] = task["overrides"]["containerOverrides"]
    [address] = [
        detail["value"]
        for attachment in task["attachments"]
        for detail in attachment["details"]
        if detail["name"] == "privateIPv4Address"
    ]
    program, *arguments = container["command"]
    place = os.path.join(folder, task["taskArn"].rsplit("/", 1)[-1])
    os.makedirs(place)
    own = {variable["name"]: variable["value"] for variable in container.get("environment", [])}
    path = os.path.join(os.path.dirname(sys.executable), program)
    process = subprocess.Popen(
        [path, *arguments, *[word for option in ON_ADDRESS[program] for word in (option, address)]],
        env={**os.environ, **own},
        cwd=place,
        stdin=subprocess.DEVNULL,
        stdout=open(os.path.join(place, "log"), "wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    with open(os.path.join(place, "pid"), "w", encoding="utf-8") as file:
        file.write(str(process.pid))
    return process


def end(process):
    """As ECS: first asked, then made to."""
    for number, patience in ((signal.SIGTERM, PATIENCE_SECONDS), (signal.SIGKILL, None)):
        try:
            os.killpg(process.pid, number)
            process.wait(patience)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass


def main(cluster, folder):
    ecs = get_session().create_client("ecs")
    processes = {}
    try:
        while True:
            tasks = {task["taskArn"]: task for task in running_tasks(ecs, cluster)}
            for arn in tasks.keys() - processes.keys():
                processes[arn] = start(tasks[arn], folder)
            for arn in [arn for arn in processes if arn not in tasks]:
                end(processes.pop(arn))
            for arn, process in processes.items():
                if process.poll() is not None:
                    ecs.stop_task(cluster=cluster, task=arn, reason="Essential container in task exited")
            time.sleep(PAUSE_SECONDS)
    finally:
        for process in processes.values():
            end(process)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    main(*sys.argv[1:])
