"""Output of trainers, kept in CloudWatch Logs."""

import threading
import time
from typing import Any

from .aws import FAULTS
from .log import reason, say

_FLUSH_SECONDS = 1
_MOST_EVENTS = 1000  # Source: CloudWatch Logs API reference, PutLogEvents: at most 10,000 events and 1 MiB
_MOST_BYTES = 900_000
_MOST_LINE = 100_000
_EVENT_BYTES = 26  # Source: CloudWatch Logs API reference, PutLogEvents: counted for each event
_MOST_WAITING = 50_000  # lines; a trainer that says more than CloudWatch takes loses its oldest
_MOST_WAITING_LETTERS = 50_000_000


def stream_name(job_id: str, fencing: int) -> str:
    """Each lease writes a stream of its own, in the order of their names."""
    return f"{job_id}/{fencing:06d}"


class OutputLog:
    """Sends lines to a log group from a thread of its own, so that a trainer never waits for them."""

    def __init__(self, client: Any, group: str):
        self._client = client
        self._group = group
        self._waiting: list[tuple[str, dict[str, Any]]] = []
        self._letters = 0  # of what waits
        self._lost = 0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._streams: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="logs", daemon=True)
        self._thread.start()

    def write(self, stream: str, text: str) -> None:
        event = {"timestamp": int(time.time() * 1000), "message": text[:_MOST_LINE] or " "}
        with self._lock:
            self._waiting.append((stream, event))
            self._letters += len(event["message"])
            if len(self._waiting) > _MOST_WAITING or self._letters > _MOST_WAITING_LETTERS:
                oldest = self._waiting[: len(self._waiting) // 2]
                del self._waiting[: len(oldest)]
                self._letters -= sum(len(event["message"]) for _, event in oldest)
                self._lost += len(oldest)

    def close(self) -> None:
        self._stopped.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._stopped.wait(_FLUSH_SECONDS):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        with self._lock:
            waiting, self._waiting, self._letters = self._waiting, [], 0
            lost, self._lost = self._lost, 0
        if lost:
            say("output lost", lines=lost)
        for stream in dict.fromkeys(stream for stream, _ in waiting):
            for batch in _batches([event for of, event in waiting if of == stream]):
                self._send(stream, batch)

    def _send(self, stream: str, events: list[dict[str, Any]]) -> None:
        try:
            if stream not in self._streams:
                try:
                    self._client.create_log_stream(logGroupName=self._group, logStreamName=stream)
                except self._client.exceptions.ResourceAlreadyExistsException:
                    pass
                self._streams = {stream}
            self._client.put_log_events(logGroupName=self._group, logStreamName=stream, logEvents=events)
        except FAULTS as error:
            say("output lost", stream=stream, lines=len(events), why=reason(error))


def _batches(events: list[dict[str, Any]]):
    batch: list[dict[str, Any]] = []
    size = 0
    for event in events:
        length = len(event["message"].encode()) + _EVENT_BYTES
        if batch and (len(batch) >= _MOST_EVENTS or size + length > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += length
    if batch:
        yield batch
