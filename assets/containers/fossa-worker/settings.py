"""What the environment tells a node."""

import os
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import pika

CPU_UNITS_OF_A_CPU = 1024
TASKS_OF_A_CPU = 2  # as Fossa's default
LEAST_TASKS = 2  # a job that waits for its sub-tasks holds one


class SettingError(Exception):
    """Says which variable is wrong, and how."""


@dataclass(frozen=True)
class Settings:
    broker_url: str  # with its password: never to be written to a log
    tls: ssl.SSLContext  # for amqps
    host: str
    port: int
    tasks: int  # that run at a time
    completed_tasks: int  # that are remembered
    stop_seconds: int
    log_stream: tuple[str, str, str] | None  # group, stream and region

    @property
    def cpu_task_ratio(self) -> float:
        """Tasks for each CPU, as Fossa counts: it takes the host's CPUs, of which a Fargate task has a part, and rounds up."""
        return (self.tasks - 0.5) / os.cpu_count()


def read_settings(environ) -> Settings:
    cpu_units = _whole_number(environ, "TASK_CPU_UNITS", os.cpu_count() * CPU_UNITS_OF_A_CPU, 128, 196608)
    return Settings(
        broker_url=_broker_url(environ),
        tls=_tls(environ),
        host=environ.get("FOSSA_HTTP_HOST") or "0.0.0.0",
        port=_whole_number(environ, "FOSSA_HTTP_PORT", 2345, 1, 65535),
        tasks=max(LEAST_TASKS, -(-cpu_units * TASKS_OF_A_CPU // CPU_UNITS_OF_A_CPU)),
        completed_tasks=_whole_number(environ, "FOSSA_COMPLETED_TASKS", 500, 1, 100000),
        stop_seconds=_whole_number(environ, "FOSSA_STOP_SECONDS", 20, 0, 115),
        log_stream=_log_stream(environ),
    )


def _broker_url(environ) -> str:
    name, form = "RABBITMQ_URL", "amqp://user:password@host:port or amqps://user:password@host:port"
    url = environ.get(name)
    if not url:
        raise SettingError(f"{name} is not set: it must be {form}")
    for fault in _faults_of(url):
        raise SettingError(f"{name} {fault}: it must be {form} (its value is not shown, as it holds a password)")
    return url


def _faults_of(url):
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # its text may hold a part of the password
        yield "has a port that is no port, or a password that is not percent-encoded"
        return
    if parts.scheme not in ("amqp", "amqps"):
        yield "does not begin with amqp:// or amqps://"
    if not parts.username or not parts.password:
        yield "has no user and password, or one that is not percent-encoded"
    if not parts.hostname:
        yield "has no host"
    if port == 0:
        yield "has port 0"
    try:
        pika.URLParameters(url)
    except Exception:  # of many kinds, and again with parts of the URL in their texts
        yield "has options after the ? that are not those of pika"


def _tls(environ) -> ssl.SSLContext:
    """Checks certificate and host name, against the authorities of a file or else the system's."""
    name = "RABBITMQ_CA_FILE"
    path = environ.get(name) or None
    try:
        return ssl.create_default_context(cafile=path)
    except OSError as error:
        why = getattr(error, "reason", None) or error.strerror
        raise SettingError(f"{name} must be a file of certificates in PEM, got {path!r} ({why})") from error


def _log_stream(environ) -> tuple[str, str, str] | None:
    names = ("FOSSA_LOG_GROUP", "FOSSA_LOG_STREAM", "AWS_REGION")
    group, stream, region = values = [environ.get(name, "") for name in names]
    if not group and not stream:  # ECS sets the region in any case
        return None
    if "" in values:
        raise SettingError(f"{names[values.index('')]} is not set: {names[0]} and {names[1]} go together, in a region")
    return group, stream, region


def _whole_number(environ, name, default, lowest, highest) -> int:
    text = environ.get(name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not lowest <= int(text) <= highest:
        raise SettingError(f"{name} must be a whole number from {lowest} to {highest}, got {text!r}")
    return int(text)
