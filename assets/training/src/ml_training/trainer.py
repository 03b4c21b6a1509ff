"""Runs the program of a job."""

import collections
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Callable

from .checkpoints import Checkpoints
from .config import Config
from .events import Event, Exited
from .registry import JobLease

_NUMBERS = itertools.count(1)  # of trainers: process ids come again
_LAST_LINES = 20
_MOST_LINE = 16_384  # characters; a longer line is several
_READ_SECONDS = 2  # for the rest of the output of a trainer that has ended


class CannotStart(Exception):
    """The trainer's program could not be started."""


class Guard:
    """The process that ends a trainer when this one no longer can."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ml_training.guard"], stdin=subprocess.PIPE, start_new_session=True
        )

    def watch(self, group: int, deadline: float) -> None:
        self._tell(f"watch {group} {deadline!r}")

    def release(self) -> None:
        self._tell("release")

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()


class Trainer:
    """A program that runs, in a process group of its own."""

    def __init__(self, process: subprocess.Popen, guard: Guard, tell: Callable[[Event], None], write: Callable[[str], None]):
        self.number = next(_NUMBERS)
        self._process = process
        self._guard = guard
        self._lines: collections.deque[str] = collections.deque(maxlen=_LAST_LINES)
        self._write = write
        self._reader = threading.Thread(target=self._read, name="output", daemon=True)
        self._reader.start()
        threading.Thread(target=self._wait, args=(tell,), name="trainer", daemon=True).start()

    def extend(self, deadline: float) -> None:
        """Lets it live until then."""
        self._guard.watch(self._process.pid, deadline)

    def ask_to_stop(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def end(self) -> str:
        """Ends what the trainer has left running, and gives its last words. Call it once, after it has ended."""
        self.kill()
        self._guard.release()
        self._reader.join(_READ_SECONDS)
        return "\n".join(self._lines.copy())

    def _signal(self, number: int) -> None:
        try:
            os.killpg(self._process.pid, number)
        except (ProcessLookupError, PermissionError):
            pass  # all of it has ended

    def _wait(self, tell: Callable[[Event], None]) -> None:
        tell(Exited(self.number, self._process.wait()))

    def _read(self) -> None:
        while line := self._process.stdout.readline(_MOST_LINE):
            text = line.rstrip("\n")
            self._lines.append(text[:2000])
            self._write(text)


class Trainers:
    """Starts trainers as the settings say."""

    def __init__(self, config: Config, guard: Guard, tell: Callable[[Event], None]):
        self._config = config
        self._guard = guard
        self._tell = tell

    def checkpoints(self, lease: JobLease) -> Checkpoints:
        return Checkpoints(self._config.checkpoints, lease.job.job_id, lease.fencing, self._config.keepCheckpoints)

    def start(self, lease: JobLease, write: Callable[[str], None]) -> Trainer:
        job = lease.job
        checkpoints = self.checkpoints(lease)
        try:
            checkpoints.folder.mkdir(parents=True, exist_ok=True)
            checkpoints.sweep()
            description = checkpoints.folder / "job.json"
            described = {"job_id": job.job_id, "name": job.name, "type": job.type, "config": job.config, "tags": job.tags}
            _replace(description, json.dumps(described, indent=2), lease.fencing)
            latest = checkpoints.latest()
            process = subprocess.Popen(
                self._config.trainer,
                env={
                    **os.environ,
                    "TRAINING_JOB_ID": job.job_id,
                    "TRAINING_JOB": str(description),
                    "TRAINING_CHECKPOINTS": str(checkpoints.folder),
                    "TRAINING_CHECKPOINT": str(latest.path) if latest else "",
                    "TRAINING_ATTEMPT": str(lease.attempt),
                    "TRAINING_FENCING": str(lease.fencing),
                    "TRAINING_KEEP_CHECKPOINTS": str(self._config.keepCheckpoints),
                    "TRAINING_FOLDER": self._config.training,
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                # universal newlines: a progress bar ends its lines with a carriage return only
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
        except OSError as error:
            raise CannotStart(f"the trainer cannot be started: {error}") from None
        self._guard.watch(process.pid, lease.deadline)
        return Trainer(process, self._guard, self._tell, write)


def _replace(path: Path, text: str, fencing: int) -> None:
    half = path.with_name(f".{path.name}-{fencing}")
    half.write_text(text, encoding="utf-8")
    half.rename(path)
