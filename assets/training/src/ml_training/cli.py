"""`train`: sends jobs to the training platform, and looks at them."""

import argparse
import json
import os
import sys
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Callable, Iterator

import boto3

from . import aws
from .clock import Clock
from .config import Config, ConfigError, from_file, from_parameter
from .jobs import PRIORITIES, STATUSES, TYPES, Job, Malformed, from_record, new_id, to_record
from .logs import stream_name
from .queues import Queues
from .registry import Registry, has_ended
from .service import registry_of
from .table import Conflict, Item

_WAIT_SECONDS = 2  # between two looks at a job that is waited for
_LIST = 100
_TRIES = 5  # to cancel a job that changes meanwhile

_FAILED, _USAGE = 1, 2


class UsageError(Exception):
    """What was asked for cannot be done; the text says what to do."""


class Platform:
    """What the commands work on."""

    def __init__(self, config: Config):
        self.config = config
        self.clock = Clock()
        self.registry: Registry = registry_of(config, aws.client("dynamodb", config.region), self.clock)
        self.queues: Queues = Queues(aws.client("sqs", config.region), config)

    def job(self, job_id: str) -> Item:
        record = self.registry.job(job_id)
        if record is None:
            raise UsageError(f"there is no job {job_id} in {self.config.environment}; `train list` shows the jobs")
        return record

    def submit(self, job: Job) -> Item:
        """The message goes first: whoever receives it writes the record too, so that no job is without a message."""
        for other in job.dependencies:
            self.job(other)
        self.registry.enqueue(job)
        self.queues.send(job, to_record(job))
        self.registry.enter(job)
        return self.job(job.job_id)

    def cancel(self, job_id: str) -> Item:
        for _ in range(_TRIES):
            record = self.job(job_id)
            if has_ended(record):
                raise UsageError(f"job {job_id} has ended already: it {record['status']}")
            try:
                return self.registry.end_unrun(from_record(record), record, "cancelled", None)
            except Conflict:
                continue
        raise UsageError(f"job {job_id} changes all the time; try again")


# for people and for programs


def shown(record: Item) -> Item:
    """A job as `--json` gives it: without what the protocol needs."""
    job = from_record(record)
    fields = ("status", "attempt_count", "started_at", "completed_at", "error_message", "owner", "checkpoint")
    return {
        "job_id": job.job_id,
        "name": job.name,
        "type": job.type,
        "priority": job.priority,
        "created_at": job.created_at,
        "max_attempts": job.max_attempts,
        "timeout_seconds": job.timeout_seconds,
        "config": job.config,
        "tags": job.tags,
        "dependencies": list(job.dependencies),
        **{name: record.get(name) for name in fields},
    }


def _print_json(value: object) -> None:
    print(json.dumps(value, indent=2))


def _date(seconds: int | None) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC") if seconds else "-"


def _print_job(record: Item) -> None:
    given = shown(record)
    checkpoint = given["checkpoint"] or {}
    rows = {
        "Job": given["job_id"],
        "Name": given["name"],
        "Status": given["status"],
        "Type": given["type"],
        "Priority": given["priority"],
        "Attempts": f"{given['attempt_count']} of {given['max_attempts']}",
        "Created": _date(given["created_at"]),
        "Started": _date(given["started_at"]),
        "Ended": _date(given["completed_at"]),
        "Machine": given["owner"] or "-",
        "Checkpoint": f"step {checkpoint['step']}, {checkpoint['path']}" if checkpoint else "-",
        "Depends on": ", ".join(given["dependencies"]) or "-",
        "Tags": ", ".join(f"{name}={value}" for name, value in given["tags"].items()) or "-",
        "Settings": json.dumps(given["config"]),
    }
    for name, text in rows.items():
        print(f"{name:<11} {text}")
    if given["error_message"]:
        print(f"\nLast error:\n{_plain_text(given['error_message'])}")


def _plain_text(text: str) -> str:
    """A trainer's words without what moves the cursor or colours the terminal."""
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _print_table(records: list[Item]) -> None:
    if not records:
        print("There are no jobs.")
        return
    heads = ("JOB", "STATUS", "PRIORITY", "ATTEMPTS", "CREATED", "NAME")
    rows = [
        (
            record["job_id"],
            record["status"],
            record["priority"],
            f"{record['attempt_count']}/{record['max_attempts']}",
            _date(record["created_at"]),
            record["name"],
        )
        for record in records
    ]
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    for row in (heads, *rows):
        print("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())


def wait_for(platform: Platform, record: Item, tell: Callable[[str], None]) -> Item:
    """Waits until a job has ended, and tells each change."""
    said = ""
    while True:
        checkpoint = record.get("checkpoint")
        step = f", step {checkpoint['step']}" if checkpoint else ""
        now = f"{record['status']}{step}"
        if record["status"] == "running":
            now += f", attempt {record['attempt_count']} on {record.get('owner')}"
        if now != said:
            tell(f"{record['job_id']}: {now}")
            said = now
        if has_ended(record):
            return record
        time.sleep(_WAIT_SECONDS)
        record = platform.job(record["job_id"])


# commands


def _submit(platform: Platform, given: argparse.Namespace) -> int:
    job = Job(
        job_id=new_id(),
        name=given.name,
        type=given.type,
        config=_settings(given),
        priority=given.priority,
        created_at=int(platform.clock.wall()),
        max_attempts=given.max_attempts,
        tags=dict(given.tag),
        dependencies=tuple(given.depends_on),
        timeout_seconds=given.timeout,
    )
    most = platform.config.mostGpus
    if most is not None and job.gpus > most:
        raise UsageError(f"gpus must be at most {most}, as no machine of {platform.config.environment} has more, got {job.gpus}")
    record = platform.submit(job)
    if given.wait:
        record = wait_for(platform, record, lambda text: print(text, file=sys.stderr, flush=True))
    if given.json:
        _print_json(shown(record))
    elif given.wait:
        _print_job(record)
    else:
        print(f"Sent job {job.job_id}. `train show {job.job_id}` shows how far it is.")
    return _FAILED if given.wait and record["status"] != "succeeded" else 0


def _settings(given: argparse.Namespace) -> Item:
    settings: Item = {}
    if given.settings:
        try:
            settings = json.loads(Path(given.settings).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UsageError(f"--settings {given.settings}: {error}") from None
        if not isinstance(settings, dict):
            raise UsageError(f"--settings {given.settings}: must hold an object, got {type(settings).__name__}")
    for name, text in given.set:
        try:
            settings[name] = json.loads(text)
        except ValueError:
            settings[name] = text
    return settings


def _is_sound(record: Item) -> bool:
    """Whether a record is a job's; says what is wrong with it."""
    try:
        from_record(record)
    except Malformed as fault:
        print(f"train: {record['PK']}: {fault}", file=sys.stderr)
        return False
    return True


def _list(platform: Platform, given: argparse.Namespace) -> int:
    statuses = given.status or STATUSES
    found = [
        record
        for status in statuses
        for record in platform.registry.jobs(status, newest=given.limit)
        if _is_sound(record)
    ]
    found.sort(key=lambda record: (record["created_at"], record["job_id"]))
    records = found[-given.limit :]
    if given.json:
        _print_json([shown(record) for record in records])
    else:
        _print_table(records)
    return 0


def _show(platform: Platform, given: argparse.Namespace) -> int:
    record = platform.job(given.job)
    if given.wait:
        record = wait_for(platform, record, lambda text: print(text, file=sys.stderr, flush=True))
    if given.json:
        _print_json(shown(record))
    else:
        _print_job(record)
    return _FAILED if given.wait and record["status"] != "succeeded" else 0


def _cancel(platform: Platform, given: argparse.Namespace) -> int:
    record = platform.cancel(given.job)
    if given.json:
        _print_json(shown(record))
    else:
        print(f"Cancelled job {given.job}. A machine that runs it ends it within {platform.config.leaseSeconds} seconds.")
    return 0


def _logs(platform: Platform, given: argparse.Namespace) -> int:
    if not platform.config.logGroup:
        raise UsageError("this environment keeps no output of jobs: its settings have no logGroup")
    record = platform.job(given.job)
    logs = aws.client("logs", platform.config.region)
    seen: dict[str, str] = {}
    while True:
        ended = has_ended(record)
        for fencing in range(1, record["fencing"] + 1):
            for event in _events(logs, platform.config.logGroup, stream_name(given.job, fencing), seen):
                if given.json:
                    print(json.dumps({"attempt": fencing, "time": event["timestamp"] / 1000, "text": event["message"]}))
                else:
                    print(event["message"])
        if ended or not given.follow:
            return 0
        time.sleep(_WAIT_SECONDS)
        record = platform.job(given.job)


def _events(logs: Any, group: str, stream: str, seen: dict[str, str]) -> Iterator[Item]:
    """Events of a stream that were not yet given; `seen` remembers where each stream was left."""
    while True:
        more = {"nextToken": seen[stream]} if stream in seen else {}
        try:
            answer = logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True, **more)
        except logs.exceptions.ResourceNotFoundException:
            return  # this lease wrote nothing
        yield from answer["events"]
        if seen.get(stream) == answer["nextForwardToken"]:
            return
        seen[stream] = answer["nextForwardToken"]


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not name or not separator:
        raise argparse.ArgumentTypeError(f"must be NAME=VALUE, got {text!r}")
    return name, value


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 1, got {text!r}")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="train", description=__doc__.removeprefix("`train`: ").capitalize())
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--environment", metavar="NAME", help="environment, whose settings are in SSM (default: $TRAINING_ENVIRONMENT)")
    place.add_argument("--config", metavar="FILE", help="settings in a file")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, call: Callable[[Platform, argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about)
        added.add_argument("--json", action="store_true", help="write JSON")
        added.set_defaults(call=call)
        return added

    submit = command("submit", _submit, "send a job")
    submit.add_argument("name", help="name for people")
    submit.add_argument("--type", choices=TYPES, default="training")
    submit.add_argument("--priority", choices=PRIORITIES, default="medium")
    submit.add_argument("--settings", metavar="FILE", help="settings of the job, a JSON object")
    submit.add_argument("--set", metavar="NAME=VALUE", action="append", type=_pair, default=[], help="one setting; a value that is JSON is taken as such")
    submit.add_argument("--max-attempts", metavar="N", type=_positive, default=3, help="attempts that may fail; interruptions do not count (default: 3)")
    submit.add_argument("--timeout", metavar="SECONDS", type=_positive, help="longest time of an attempt")
    submit.add_argument("--depends-on", metavar="JOB", action="append", default=[], help="job that must have succeeded first; may be repeated")
    submit.add_argument("--tag", metavar="NAME=VALUE", action="append", type=_pair, default=[])
    submit.add_argument("--wait", action="store_true", help="wait until it has ended, and show how far it is; status 1 unless it succeeded")

    listing = command("list", _list, "list jobs, the newest last")
    listing.add_argument("--status", choices=STATUSES, action="append", help="only those; may be repeated")
    listing.add_argument("--limit", metavar="N", type=_positive, default=_LIST, help=f"at most so many (default: {_LIST})")

    show = command("show", _show, "show a job")
    show.add_argument("job")
    show.add_argument("--wait", action="store_true", help="wait until it has ended; status 1 unless it succeeded")

    command("cancel", _cancel, "cancel a job").add_argument("job")

    logs = command("logs", _logs, "show the output of a job, all attempts after each other")
    logs.add_argument("job")
    logs.add_argument("--follow", action="store_true", help="go on until the job has ended")
    return parser


def _config(given: argparse.Namespace) -> Config:
    if given.config:
        return from_file(given.config)
    environment = given.environment or os.environ.get("TRAINING_ENVIRONMENT")
    if not environment:
        raise UsageError("name the environment: --environment NAME, or TRAINING_ENVIRONMENT in the environment")
    return from_parameter(boto3.client("ssm"), environment)


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        return given.call(Platform(_config(given)), given)
    except (ConfigError, Malformed, UsageError) as error:
        print(f"train: {error}", file=sys.stderr)
        return _USAGE
    except aws.FAULTS as error:
        print(f"train: AWS refused or did not answer: {error}", file=sys.stderr)
        return _FAILED
    except KeyboardInterrupt:
        print("\ntrain: no longer waiting; the job goes on", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
