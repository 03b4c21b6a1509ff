"""
Ends a trainer whose worker has died, or no longer renews its lease: a process of its own, started once by the worker, that reads
`watch GROUP DEADLINE` and `release` from its standard input. Deadlines are of the machine's steady clock.
"""

import os
import select
import signal
import sys

from .clock import Clock


def main() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # systemd sends it to all at once; the worker ends first
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    clock = Clock()
    group, deadline, text = 0, 0.0, b""
    while True:
        wait = max(0.0, deadline - clock.steady()) if group else None
        ready, _, _ = select.select([sys.stdin.fileno()], [], [], wait)
        if not ready:
            _end(group)
            group = 0
            continue
        read = os.read(sys.stdin.fileno(), 65536)
        if not read:
            if group:
                _end(group)
            return
        *lines, text = (text + read).split(b"\n")
        for line in lines:
            words = line.split()
            group, deadline = (int(words[1]), float(words[2])) if words[0] == b"watch" else (0, 0.0)


def _end(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass  # it has ended


if __name__ == "__main__":
    main()
