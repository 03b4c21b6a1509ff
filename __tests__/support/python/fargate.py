"""Carries out the tasks of ECS clusters as programs of this machine, each on the loopback address of its task.

    python fargate.py <folder> <cluster>...

A task gets a folder of its own below the folder, with the process group in the file pid and what it says in the file log.
It calls AWS with the name of its role as its key. A task whose program has ended is stopped, as ECS stops one whose
essential container has."""

import os
import signal
import subprocess
import sys
import time

from botocore.session import get_session

PAUSE_SECONDS = 0.2
PATIENCE_SECONDS = 5
#: options that keep a program to its task's address, which is the only one that it would have in AWS
ON_ADDRESS = {"dask-scheduler": ["--host"], "dask-worker": ["--host"], "prefect": []}


def running_tasks(ecs, clusters):
    for cluster in clusters:
        arns = ecs.list_tasks(cluster=cluster, desiredStatus="RUNNING")["taskArns"]
        yield from ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"] if arns else []


def role_of(ecs, task):
    definition = ecs.describe_task_definition(taskDefinition=task["taskDefinitionArn"])["taskDefinition"]
    arn = task["overrides"].get("taskRoleArn") or definition["taskRoleArn"]
    return arn.rsplit("/", 1)[-1]


def start(ecs, task, folder):
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
        env={**os.environ, **own, "AWS_ACCESS_KEY_ID": role_of(ecs, task)},
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


def main(folder, *clusters):
    ecs = get_session().create_client("ecs")
    processes = {}
    try:
        while True:
            tasks = {task["taskArn"]: task for task in running_tasks(ecs, clusters)}
            for arn in tasks.keys() - processes.keys():
                processes[arn] = start(ecs, tasks[arn], folder)
            for arn in [arn for arn in processes if arn not in tasks]:
                end(processes.pop(arn))
            for arn, process in processes.items():
                if process.poll() is not None:
                    reason = f"Essential container in task exited with {process.returncode}"
                    ecs.stop_task(cluster=tasks[arn]["clusterArn"], task=arn, reason=reason)
            time.sleep(PAUSE_SECONDS)
    finally:
        for process in processes.values():
            end(process)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    main(*sys.argv[1:])
