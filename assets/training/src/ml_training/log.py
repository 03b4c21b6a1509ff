"""Log of the worker and of the function: one line of JSON per event."""

import json
import sys
import threading

_lock = threading.Lock()


def say(event: str, **fields: object) -> None:
    """Writes one line to standard output, which journald and Lambda keep."""
    line = json.dumps({"event": event, **fields}, default=str)
    with _lock:
        print(line, file=sys.stdout, flush=True)


def reason(error: BaseException) -> str:
    """An exception in one line."""
    return f"{type(error).__name__}: {error}"
