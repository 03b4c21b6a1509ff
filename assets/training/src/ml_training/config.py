"""Settings of the worker, the command and the function: one JSON object that the stack writes."""

import json
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from .jobs import PRIORITIES


class ConfigError(Exception):
    """Settings that cannot be used; the text says where they are from and names every fault."""


@dataclass(frozen=True)
class Queue:
    priority: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Config:
    environment: str
    region: str
    table: str
    queues: tuple[Queue, ...]
    """In the order in which workers ask them."""
    deadLetterQueueUrl: str
    visibilitySeconds: int
    """For how long a message of a running job is hidden at a time, 30 to 43200."""
    maxReceives: int
    """How often the queues hand a message out."""
    ttlHours: float
    """Hours without a heartbeat after which DynamoDB may remove a machine's entry."""
    leaseSeconds: int
    """Seconds without renewal after which a job or the lead may be taken over, at least 8."""
    autoScalingGroup: str | None = None
    topicArn: str | None = None
    logGroup: str | None = None
    checkpoints: str = "/mnt/checkpoints"
    training: str = "/mnt/training"
    trainer: tuple[str, ...] = ()
    """Program and arguments that run a job."""
    pollSeconds: float = 2
    """Pause between two looks at empty queues."""
    metadataSeconds: float = 0.5
    """Pause between two looks at the metadata service: a machine has two minutes."""
    graceSeconds: float = 60
    """What a trainer has to save its state when the machine goes."""
    backoffSeconds: float = 30
    """Pause after the first failed attempt."""
    keepCheckpoints: int = 3
    """How many of the newest checkpoints of a job are kept."""
    mostGpus: int | None = None
    """GPUs of the largest machine that the group starts: a job that needs more fails. None when nobody knows."""


_LEAST = {
    "visibilitySeconds": 30,
    "maxReceives": 2,
    "ttlHours": 1,
    "leaseSeconds": 8,
    "pollSeconds": 0.05,
    "metadataSeconds": 0.05,
    "graceSeconds": 0,
    "backoffSeconds": 0,
    "keepCheckpoints": 1,
    "mostGpus": 0,
}
_MOST = {"visibilitySeconds": 43200, "maxReceives": 1000, "graceSeconds": 100}  # Source: SQS quotas; of the warning's 120 s some are for the rest


def parse(text: str, source: str) -> Config:
    """Settings from JSON; ConfigError names every fault and `source`."""
    try:
        given = json.loads(text)
    except ValueError as error:
        raise ConfigError(f"{source}: is not JSON: {error}") from None
    if not isinstance(given, dict):
        raise ConfigError(f"{source}: must be an object, got {type(given).__name__}")
    faults = list(_faults(given))
    if faults:
        raise ConfigError(f"{source}: {'; '.join(faults)}")
    return Config(
        **{
            **{name: value for name, value in given.items() if value is not None},
            "queues": tuple(Queue(queue["priority"], queue["url"]) for queue in given["queues"]),
            "trainer": tuple(given.get("trainer") or ()),
        }
    )


def _faults(given: dict[str, Any]):
    known = {field.name: field for field in fields(Config)}
    yield from (f"{name} is not a setting" for name in given if name not in known)
    for name, field in known.items():
        value = given.get(name)
        if value is None:
            if field.default is MISSING:
                yield f"{name} is missing"
        elif name in _LEAST:
            yield from _number(name, value, whole=field.type in (int, int | None))
        elif name == "queues":
            yield from _queues(value)
        elif name == "trainer":
            if not isinstance(value, list) or not all(isinstance(part, str) and part for part in value):
                yield f"trainer must be a list of texts, got {value!r}"
        elif not isinstance(value, str) or not value:
            yield f"{name} must be a text, got {value!r}"


def _number(name: str, value: Any, whole: bool):
    kinds = (int,) if whole else (int, float)
    least, most = _LEAST[name], _MOST.get(name)
    if isinstance(value, bool) or not isinstance(value, kinds):
        yield f"{name} must be a {'whole ' if whole else ''}number, got {value!r}"
    elif value < least or (most is not None and value > most):
        yield f"{name} must be {f'{least} to {most}' if most is not None else f'at least {least}'}, got {value}"


def _queues(value: Any):
    if not isinstance(value, list) or not value:
        yield "queues must be a list of {priority, url}, the first one is asked first"
        return
    for place, queue in enumerate(value):
        if not isinstance(queue, dict) or not isinstance(queue.get("url"), str) or queue.get("priority") not in PRIORITIES:
            yield f"queues.{place} must have a url and a priority ({', '.join(PRIORITIES)}), got {queue!r}"
    priorities = [queue.get("priority") for queue in value if isinstance(queue, dict)]
    if len(set(map(str, priorities))) != len(priorities):
        yield "queues must have one queue for a priority"
    missing = [priority for priority in PRIORITIES if priority not in priorities]
    if missing:
        yield f"queues must have a queue for each priority, and lack {', '.join(missing)}"


def from_file(path: str) -> Config:
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None
    return parse(text, path)


def from_parameter(ssm: Any, environment: str) -> Config:
    """Settings in SSM's parameter store, under the name that the stack gives them."""
    name = f"/{environment}/training/config"
    try:
        text = ssm.get_parameter(Name=name)["Parameter"]["Value"]
    except ssm.exceptions.ParameterNotFound:
        raise ConfigError(
            f"there is no SSM parameter {name} in {ssm.meta.region_name}; "
            "name the environment and AWS_REGION as they were deployed, or give --config"
        ) from None
    return parse(text, f"SSM parameter {name}")
