"""
Lambda function on EC2's events: what becomes of a machine, whether or not it can still say so itself. Its environment has
TRAINING_CONFIG (settings as JSON) and TOPIC_ARN.
"""

import json
import os
from typing import Any

from . import aws
from .clock import Clock
from .config import Config, parse
from .leader import wake
from .log import say
from .queues import Queues
from .registry import Registry, instance_job, timestamp
from .table import Conflict, Item, Table

_WARNING = "EC2 Spot Instance Interruption Warning"
_REBALANCE = "EC2 Instance Rebalance Recommendation"
_STATE = "EC2 Instance State-change Notification"
_GONE = ("terminated", "stopped")
_TRIES = 5  # of a write to an entry that its machine also writes


def handler(event: Any, _context: Any) -> Item:
    """Says what it did. An event that it cannot understand raises, and ends as a dead letter; one of others is ignored."""
    if not isinstance(event, dict) or event.get("source") != "aws.ec2":
        say("event ignored", source=event.get("source") if isinstance(event, dict) else None)
        return {"done": "ignored"}
    kind, detail = event.get("detail-type"), event.get("detail")
    instance_id = detail.get("instance-id") if isinstance(detail, dict) else None
    if not isinstance(instance_id, str) or not instance_id.startswith("i-"):
        say("malformed event", kind=kind, detail=detail)
        raise ValueError(f"event {event.get('id')} names no instance in detail.instance-id")
    function = Function(parse(os.environ["TRAINING_CONFIG"], "TRAINING_CONFIG"), os.environ["TOPIC_ARN"])
    time = str(event.get("time") or timestamp(Clock().wall()))
    if kind == _WARNING:
        done = function.warned(instance_id, str(detail.get("instance-action", "terminate")), time)
    elif kind == _REBALANCE:
        done = function.at_risk(instance_id, time)
    elif kind == _STATE and detail.get("state") in _GONE:
        done = function.gone(instance_id, detail["state"], time)
    else:
        done = "ignored"
    say("event handled", kind=kind, instance=instance_id, done=done)
    return {"done": done}


class Function:
    def __init__(self, config: Config, topic_arn: str):
        self._config = config
        self._topic_arn = topic_arn
        self._sns = aws.client("sns", config.region)
        table = Table(aws.client("dynamodb", config.region), config.table)
        self._registry = Registry(table, Clock(), config.leaseSeconds, config.ttlHours)
        self._queues = Queues(aws.client("sqs", config.region), config)

    def warned(self, instance_id: str, action: str, time: str) -> str:
        """
        The machine goes in two minutes. Its jobs stay with it: it saves them and gives them back, or they are taken away when
        it has gone; to give them away now would run them twice.
        """
        item = self._announce(instance_id, "terminated", {"interrupted_at": time, "health_status": "unhealthy"})
        if item is None:
            return "unknown instance"
        self._registry.resign(instance_id)
        return self._publish_once(item, "interruption", action, time)

    def at_risk(self, instance_id: str, time: str) -> str:
        """The machine may go soon."""
        item = self._registry.instance(instance_id)
        if item is None:
            return "unknown instance"
        return self._publish_once(
            self._registry.amend_instance(item, {"health_status": "unhealthy"}), "rebalance", "rebalance", time
        )

    def gone(self, instance_id: str, state: str, time: str) -> str:
        """The machine is no more: whatever it held is free."""
        item = self._announce(instance_id, state, {"ended_at": time, "health_status": "unhealthy"})
        self._registry.resign(instance_id)
        freed = [record for run in self._running(instance_id) if (record := self._free(instance_id, run))]
        for record in freed:
            say("job freed", job=record["job_id"], instance=instance_id)
        return "unknown instance" if item is None and not freed else f"{len(freed)} jobs freed"

    def _announce(self, instance_id: str, status: str, change: Item) -> Item | None:
        """Writes that a machine goes, if it has not been written; gives its entry, None if there is none."""
        for _ in range(_TRIES):
            item = self._registry.instance(instance_id)
            if item is None or all(name in item for name in change):
                return item
            try:
                return self._registry.announce_end(item, status, change)
            except Conflict:
                continue
        raise TimeoutError(f"the entry of {instance_id} changes all the time")

    def _publish_once(self, item: Item, what: str, action: str, time: str) -> str:
        """At least once, and once unless the function is ended between the two calls."""
        told = f"told_of_{what}"
        if item.get(told):
            return "known already"
        runs = self._registry.runs(item["instance_id"])
        jobs = [run["SK"].removeprefix("JOB#") for run in runs if run["status"] == "running" or run.get("interrupted")]
        message = {"instanceId": item["instance_id"], "action": action, "time": time, "jobs": jobs}
        subject = f"Training machine {item['instance_id']}: {what}"
        self._sns.publish(TopicArn=self._topic_arn, Subject=subject, Message=json.dumps(message))
        self._registry.amend_instance(item, {told: time})
        return "told"

    def _running(self, instance_id: str) -> list[Item]:
        return [run for run in self._registry.runs(instance_id) if run["status"] == "running"]

    def _free(self, instance_id: str, run: Item) -> Item | None:
        """Takes a job away from a machine that is no more; None when it had it no longer."""
        record = self._registry.job(run["SK"].removeprefix("JOB#"))
        freed = None
        if record is not None and record["status"] == "running" and record.get("owner") == instance_id:
            try:
                self._registry.take_away(record, None, counts=False)
                freed = record
            except Conflict:
                pass  # somebody else has taken it over
        elif record is not None and record["status"] == "interrupted":
            freed = record  # taken away by a call that was ended before it could show the message
        if freed:
            wake(self._queues, self._registry, freed)
        failed = instance_job(instance_id, run["SK"].removeprefix("JOB#"), "failed", run["assigned_at"], interrupted=True)
        self._registry.note_ended([], [failed])
        return freed
