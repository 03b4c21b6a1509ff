"""What the worker waits for: one queue for the trainer's end, the machine's notices and signals."""

import queue
from dataclasses import dataclass

from .metadata import Notice


@dataclass(frozen=True)
class Exited:
    """A trainer has ended."""

    trainer: int
    """Its number."""
    status: int
    """Exit status; negative for a signal."""


@dataclass(frozen=True)
class Stop:
    """Somebody asked the worker to end."""

    signal: str

    def __str__(self) -> str:
        return self.signal


Event = Exited | Stop | Notice


class Events:
    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Event] = queue.SimpleQueue()  # its put may be called in a signal handler

    def put(self, event: Event) -> None:
        self._queue.put(event)

    def get(self, seconds: float) -> Event | None:
        """The next event; None when there is none for so long."""
        try:
            return self._queue.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return None
