"""`training-worker`: the service on a training machine."""

import argparse
import signal
import sys
import time
from typing import Any

from . import aws
from .clock import Clock
from .config import Config, ConfigError, from_file
from .events import Events, Stop
from .health import health_of, metrics
from .leader import Leader
from .log import reason, say
from .logs import OutputLog, stream_name
from .metadata import Metadata, Notice, Unavailable, Watcher
from .queues import Queues
from .registry import JobLease, Machine, Registry
from .table import Conflict, Table
from .trainer import Guard, Trainers
from .worker import Turn, Worker

CONFIG = "/etc/training/config.json"
_REFUSED_SECONDS = 60  # before the group is asked again for what it refused
_SICK_BEATS = 10  # of a machine that stays unhealthy, after which it is replaced; it beats every half lease time


def registry_of(config: Config, dynamodb: Any, clock: Clock) -> Registry:
    return Registry(Table(dynamodb, config.table), clock, config.leaseSeconds, config.ttlHours)


class Presence:
    """This machine's entry in the registry."""

    def __init__(self, machine: Machine, registry: Registry, folders: tuple[str, ...], events: Events):
        self._machine = machine
        self._registry = registry
        self._folders = folders
        self._events = events
        self._beat = 0
        self._sick_beats = 0
        self.healthy = True

    @property
    def hopeless(self) -> bool:
        """Whether this machine has been unhealthy for so long that it is not likely to recover."""
        return self._sick_beats >= _SICK_BEATS

    def enter(self) -> bool:
        """Whether this machine may work: not when it was told to go."""
        try:
            self._beat = self._registry.register(self._machine)
        except Conflict:
            return False
        return True

    def beat(self) -> None:
        measured = metrics(self._folders)
        health = health_of(measured)
        if (health == "healthy") != self.healthy:
            say(f"machine is {health}", **measured)  # an unhealthy one takes no jobs
        self.healthy = health == "healthy"
        self._sick_beats = 0 if self.healthy else self._sick_beats + 1
        try:
            self._beat = self._registry.heartbeat(self._machine, self._beat, health, measured)
        except Conflict as conflict:
            told = conflict.current is not None and conflict.current["status"] != "running"
            if told or not self.enter():
                self._events.put(Notice("interruption", "the registry says that this machine goes"))


class Protection:
    """Keeps the Auto Scaling group from ending this machine while a job runs, and lets it go on when its time has come."""

    def __init__(self, client: Any, group: str | None, instance_id: str):
        self._client = client
        self._group = group
        self._instance_id = instance_id
        self._on: bool | None = None  # unknown at first: the program may have been started anew after it was ended in a job
        self._refused: tuple[bool | None, float] = (None, 0.0)

    def set(self, on: bool) -> None:
        refused, at = self._refused
        if self._group is None or on == self._on or (on == refused and time.monotonic() < at + _REFUSED_SECONDS):
            return
        try:
            self._client.set_instance_protection(
                InstanceIds=[self._instance_id], AutoScalingGroupName=self._group, ProtectedFromScaleIn=on
            )
            self._on = on
        except aws.FAULTS as error:
            self._refused = (on, time.monotonic())
            say("scale-in protection was not set", on=on, why=reason(error))

    def replace(self) -> None:
        """Has the group put another machine in this one's place."""
        if self._group is None:
            return
        try:
            self._client.set_instance_health(InstanceId=self._instance_id, HealthStatus="Unhealthy")
            say("machine is to be replaced", instance=self._instance_id)
        except aws.FAULTS as error:
            say("machine was not replaced", why=reason(error))

    def end(self, why: Notice | Stop) -> None:
        """Leaves the machine to the group, as its worker has ended."""
        if isinstance(why, Notice):
            self.release()
        if isinstance(why, Stop) or why.kind == "rebalance":
            self.set(False)  # it goes on without a worker, and must not stay for ever

    def release(self) -> None:
        """Tells the group's terminating hooks that this machine is done."""
        if self._group is None:
            return
        try:
            hooks = self._client.describe_lifecycle_hooks(AutoScalingGroupName=self._group)["LifecycleHooks"]
            for hook in hooks:
                if hook["LifecycleTransition"] == "autoscaling:EC2_INSTANCE_TERMINATING":
                    self._client.complete_lifecycle_action(
                        LifecycleHookName=hook["LifecycleHookName"],
                        AutoScalingGroupName=self._group,
                        InstanceId=self._instance_id,
                        LifecycleActionResult="CONTINUE",
                    )
        except aws.FAULTS as error:
            say("lifecycle action was not completed; it ends by its own time-out", why=reason(error))


def serve(config: Config, metadata: Metadata) -> int:
    """Works until the machine goes or a signal comes; gives the exit status."""
    machine = metadata.machine()
    clock, events = Clock(), Events()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: events.put(Stop(signal.Signals(received).name)))
    registry = registry_of(config, aws.client("dynamodb", config.region), clock)
    queues = Queues(aws.client("sqs", config.region), config)
    leader = Leader(machine, registry, queues, clock, config.leaseSeconds)
    presence = Presence(machine, registry, (config.checkpoints, "/tmp", "/"), events)
    protection = Protection(aws.client("autoscaling", config.region), config.autoScalingGroup, machine.instance_id)
    if not presence.enter():
        say("machine was told to go, and takes no jobs", instance=machine.instance_id)
        return 0
    say("worker started", instance=machine.instance_id, gpus=machine.gpu_count, spot=machine.is_spot)
    watcher = Watcher(metadata, config.metadataSeconds, events.put)
    guard = Guard()
    output = OutputLog(aws.client("logs", config.region), config.logGroup) if config.logGroup else None

    def write(lease: JobLease, text: str) -> None:
        if output:
            output.write(stream_name(lease.job.job_id, lease.fencing), text)
        else:
            say("output", job=lease.job.job_id, text=text)

    turn = Turn(clock)
    trainers = Trainers(config, guard, events.put)
    worker = Worker(
        config, machine, registry, queues, trainers, events, clock, turn, write=write, protect=protection.set
    )

    def beat() -> None:
        look_after(presence, worker, protection)

    turn.every(config.leaseSeconds / 2, beat)
    turn.every(config.leaseSeconds / 8, leader.elect)
    turn.every(config.leaseSeconds / 4, leader.work)
    watcher.start()
    try:
        why = worker.run()
    finally:
        watcher.stop()
        guard.close()
        if output:
            output.close()
    leave(machine, registry, leader, why)
    protection.end(why)
    return 0


def look_after(presence: Presence, worker: Worker, protection: Protection) -> None:
    """Tells the registry how this machine is. One that can run no more jobs makes room for another, once it runs none."""
    presence.beat()
    worker.healthy = presence.healthy
    if (presence.hopeless or worker.broken) and not worker.busy:
        protection.replace()


def leave(machine: Machine, registry: Registry, leader: Leader, why: Notice | Stop) -> None:
    """Takes this machine out of the registry."""
    try:
        leader.resign()
        if isinstance(why, Notice):
            registry.leave(machine)
        else:
            registry.deregister(machine)
    except (*aws.FAULTS, Conflict) as error:
        say("registry does not know that this machine goes; its entry expires", why=reason(error))
    say("worker ended", instance=machine.instance_id, why=why)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="training-worker", description=__doc__)
    parser.add_argument("--config", default=CONFIG, metavar="FILE", help=f"settings, JSON (default: {CONFIG})")
    given = parser.parse_args(arguments)
    try:
        config = from_file(given.config)
        if not config.trainer:
            raise ConfigError(f"{given.config}: trainer must name a program, as this machine runs jobs")
        return serve(config, Metadata())
    except ConfigError as error:
        print(f"training-worker: {error}", file=sys.stderr)
        return 2
    except Unavailable as error:
        print(f"training-worker: the metadata service of EC2 does not tell who this machine is: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
