"""What a job is: its message, its record, and the rules on both."""

import json
import math
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

PRIORITIES = ("critical", "high", "medium", "low")
"""In the order in which workers ask."""

TYPES = ("training", "evaluation", "hyperparameter_search")
STATUSES = ("pending", "running", "interrupted", "succeeded", "failed", "cancelled")
ENDED = frozenset({"succeeded", "failed", "cancelled"})
"""From these a job never goes on."""

_MOST_BYTES = 200 * 1024  # an item of DynamoDB has 400 KB and holds the job, its tags and its last error; a message of SQS has 256 KB
_MOST_DEPENDENCIES = 50
_MOST_TAGS = 50
_MOST_ATTEMPTS = 100
_MOST_LEVELS = 100  # Python reads and writes some hundreds
_MOST_SECONDS = 253_402_300_799  # the end of the year 9999: a number beyond is no date, and one of 39 digits is none of DynamoDB's
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")  # names a message group and, with numbers behind it, messages, folders and log streams
_BACKOFF_CAP = 900


class Malformed(ValueError):
    """A job that cannot be run as it is; the text names every fault."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a person sends. Times are seconds since 1970."""

    job_id: str
    name: str
    created_at: int
    type: str = "training"
    config: dict[str, Any] = field(default_factory=dict)
    priority: str = "medium"
    max_attempts: int = 3
    tags: dict[str, str] = field(default_factory=dict)
    dependencies: tuple[str, ...] = ()
    timeout_seconds: int | None = None

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise Malformed("; ".join(faults))

    @property
    def gpus(self) -> int:
        """GPUs that a machine must have to run it."""
        needed = self.config.get("gpus", 0)
        return needed if _whole(needed) else 0

    @property
    def key(self) -> tuple[str, str]:
        return job_key(self.job_id)


def job_key(job_id: str) -> tuple[str, str]:
    return f"JOB#{job_id}", "JOB"


def new_id() -> str:
    return str(uuid.uuid4())


def _faults(job: Job):
    if not isinstance(job.job_id, str) or not _ID.fullmatch(job.job_id):
        yield f"job_id must be 1 to 64 letters, digits, _ and -, got {job.job_id!r}"
    if not isinstance(job.name, str) or not 1 <= len(job.name) <= 200 or not job.name.isprintable():
        yield f"name must be a text of 1 to 200 printable characters, got {job.name!r}"
    if job.type not in TYPES:
        yield f"type must be one of {', '.join(TYPES)}, got {job.type!r}"
    if job.priority not in PRIORITIES:
        yield f"priority must be one of {', '.join(PRIORITIES)}, got {job.priority!r}"
    if not _whole(job.max_attempts) or not 1 <= job.max_attempts <= _MOST_ATTEMPTS:
        yield f"max_attempts must be a whole number of 1 to {_MOST_ATTEMPTS}, got {job.max_attempts!r}"
    if not _whole(job.created_at) or not 0 <= job.created_at <= _MOST_SECONDS:
        yield f"created_at must be whole seconds since 1970, got {job.created_at!r}"
    timeout = job.timeout_seconds
    if timeout is not None and (not _whole(timeout) or not 1 <= timeout <= _MOST_SECONDS):
        yield f"timeout_seconds must be a whole number of 1 to {_MOST_SECONDS}, got {timeout!r}"
    yield from _collections(job)


def _collections(job: Job):
    if not isinstance(job.tags, dict) or not all(isinstance(text, str) for pair in job.tags.items() for text in pair):
        yield "tags must be texts by name"
    elif not all(text.isprintable() for pair in job.tags.items() for text in pair):
        yield f"tags must have printable characters only, got {job.tags!r}"
    elif len(job.tags) > _MOST_TAGS:
        yield f"tags must be at most {_MOST_TAGS}, got {len(job.tags)}"
    if not all(isinstance(other, str) and _ID.fullmatch(other) for other in job.dependencies):
        yield "dependencies must be ids of jobs"
    elif len(set(job.dependencies)) != len(job.dependencies) or len(job.dependencies) > _MOST_DEPENDENCIES:
        yield f"dependencies must be at most {_MOST_DEPENDENCIES} different jobs, got {len(job.dependencies)}"
    elif job.job_id in job.dependencies:
        yield "dependencies must not name the job itself"
    if not isinstance(job.config, dict):
        yield f"config must be an object, got {type(job.config).__name__}"
        return
    if _levels(job.config, _MOST_LEVELS) > _MOST_LEVELS:
        yield f"config must be nested at most {_MOST_LEVELS} levels deep"
        return
    try:
        size = len(json.dumps(job.config, allow_nan=False).encode())
    except (TypeError, ValueError) as error:
        yield f"config must be JSON: {error}"
        return
    if size > _MOST_BYTES:
        yield f"config must have at most {_MOST_BYTES} bytes, got {size}; put data into the shared files and name it"


def _levels(value: object, most: int) -> int:
    """How deeply objects and lists are nested, counted to one more than `most`."""
    level, inside = 0, [value]
    while level <= most and (inside := [one for one in inside if isinstance(one, (dict, list))]):
        level += 1
        inside = [inner for one in inside for inner in (one.values() if isinstance(one, dict) else one)]
    return level


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def to_message(job: Job, record: dict[str, Any] | None = None) -> str:
    """Body of the message: the job, and how far it was when the message was sent."""
    state = record or {}
    return json.dumps(
        {
            "job_id": job.job_id,
            "name": job.name,
            "type": job.type,
            "config": job.config,
            "status": state.get("status", "pending"),
            "priority": job.priority,
            "created_at": job.created_at,
            "started_at": state.get("started_at"),
            "completed_at": state.get("completed_at"),
            "attempt_count": state.get("attempt_count", 0),
            "max_attempts": job.max_attempts,
            "error_message": state.get("error_message"),
            "tags": job.tags,
            "dependencies": list(job.dependencies),
            "timeout_seconds": job.timeout_seconds,
        }
    )


_REQUIRED = ("job_id", "name", "created_at")
_OPTIONAL = ("type", "config", "priority", "max_attempts", "tags", "dependencies", "timeout_seconds")
_COUNTS = ("fencing", "beat", "attempt_count", "sends", "sent_at")
_STATE = ("status", "started_at", "completed_at", "attempt_count", "error_message")


def from_message(body: str) -> Job:
    """The job of a message; Malformed when it is none."""
    try:
        return _parsed(body)
    except RecursionError:
        raise Malformed("it is nested too deeply") from None


def _parsed(body: str) -> Job:
    try:
        given = json.loads(body)
    except ValueError as error:
        raise Malformed(f"it is not JSON: {error}") from None
    if not isinstance(given, dict):
        raise Malformed(f"it must be an object, got {type(given).__name__}")
    unknown = sorted(set(given) - {*_REQUIRED, *_OPTIONAL, *_STATE})
    missing = [name for name in _REQUIRED if given.get(name) is None]
    faults = [f"{name} is not a field of a job" for name in unknown] + [f"{name} is missing" for name in missing]
    if faults:
        raise Malformed("; ".join(faults))
    fields = {name: given[name] for name in (*_REQUIRED, *_OPTIONAL) if given.get(name) is not None}
    if isinstance(fields.get("created_at"), float) and math.isfinite(fields["created_at"]):
        fields["created_at"] = int(fields["created_at"])
    dependencies = fields.get("dependencies", [])
    if not isinstance(dependencies, list):
        raise Malformed(f"dependencies must be a list, got {type(dependencies).__name__}")
    return Job(**{**fields, "dependencies": tuple(dependencies)})


def to_record(job: Job) -> dict[str, Any]:
    """Item of a job that nobody has taken yet."""
    pk, sk = job.key
    return {
        "PK": pk,
        "SK": sk,
        "TYPE": "JOB",
        **indexed("pending", job.created_at, job.job_id),
        "job_id": job.job_id,
        "name": job.name,
        "type": job.type,
        "config": json.dumps(job.config),  # as text: DynamoDB's numbers are not JSON's
        "priority": job.priority,
        "created_at": job.created_at,
        "attempt_count": 0,
        "max_attempts": job.max_attempts,
        "tags": job.tags,
        "dependencies": list(job.dependencies),
        "fencing": 0,
        "beat": 0,
        "sends": 1,
        "sent_at": job.created_at,
        **({"timeout_seconds": job.timeout_seconds} if job.timeout_seconds is not None else {}),
    }


def indexed(status: str, created_at: int, job_id: str) -> dict[str, str]:
    """Attributes that follow a job's status."""
    return {"status": status, "GSI1PK": f"STATUS#{status}", "GSI1SK": f"JOB#{created_at}#{job_id}"}


def from_record(record: dict[str, Any]) -> Job:
    """The job of a record; Malformed when it is none, or its state is damaged."""
    damaged = [name for name in _COUNTS if not _whole(record.get(name)) or record[name] < 0]
    if damaged or record.get("status") not in STATUSES:
        raise Malformed(f"its record is damaged: {', '.join(damaged) or 'status'}")
    try:
        return Job(
            **{name: record[name] for name in ("job_id", "name", "created_at", "type", "priority", "max_attempts", "tags")},
            config=json.loads(record["config"]),
            dependencies=tuple(record["dependencies"]),
            timeout_seconds=record.get("timeout_seconds"),
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, Malformed):
            raise
        raise Malformed(f"its record is damaged: {type(error).__name__}: {error}") from None


def backoff(attempt: int, base_seconds: float) -> int:
    """Seconds between a failed attempt, the first is 1, and the next: doubled each time, at most 15 minutes."""
    return min(_BACKOFF_CAP, math.ceil(base_seconds * 2 ** min(attempt - 1, 30)))
