"""
Checkpoints of a job, in a folder of the shared files. Trainers in Python may use `Checkpoints.of_environment()`; others make a
folder beside the complete ones, write `checkpoint.json` into it last, and rename it.
"""

import json
import os
import shutil
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from .log import say

_MANIFEST = "checkpoint.json"
_PARTIAL = ".partial-"
_MOST_STEPS = 10**18  # DynamoDB has numbers of 38 digits


@dataclass(frozen=True)
class Checkpoint:
    path: Path
    step: int
    fencing: int
    """Lease under which it was written: what a newer lease has written counts before what an older one has."""
    created_at: float

    def summary(self) -> dict[str, object]:
        return {"path": str(self.path), "step": self.step}


class Checkpoints:
    def __init__(self, root: str | Path, job_id: str, fencing: int, keep: int = 3):
        self.folder = Path(root) / job_id
        self._fencing = fencing
        self._keep = keep

    @classmethod
    def of_environment(cls) -> "Checkpoints":
        """Those of the job that this program was started for."""
        env = os.environ
        folder = Path(env["TRAINING_CHECKPOINTS"])
        return cls(folder.parent, folder.name, int(env["TRAINING_FENCING"]), int(env["TRAINING_KEEP_CHECKPOINTS"]))

    def complete(self) -> list[Checkpoint]:
        """All that can be gone on from, the best one last."""
        if not self.folder.is_dir():
            return []
        found = [checkpoint for path in self.folder.iterdir() if (checkpoint := _read(path))]
        return sorted(found, key=lambda one: (one.fencing, one.step, one.created_at))

    def latest(self) -> Checkpoint | None:
        """The one to go on from."""
        return next(reversed(self.complete()), None)

    def save(self, step: int, write: Callable[[Path], None], emergency: bool = False) -> Checkpoint:
        """
        Lets `write` fill a new folder, which is complete or not there at all whenever the machine goes, and removes those
        that are too old. An emergency checkpoint is one that is made because the machine goes.
        """
        now = time.time()
        name = f"emergency_{int(now)}_{self._fencing}" if emergency else f"step_{step:012d}_{self._fencing}"
        partial = self.folder / f"{_PARTIAL}{self._fencing}-{uuid.uuid4().hex}"
        partial.mkdir(parents=True)
        write(partial)
        manifest = {"step": step, "fencing": self._fencing, "created_at": now}
        for path in partial.rglob("*"):
            if path.is_file():
                _sync(path)
        with open(partial / _MANIFEST, "w", encoding="utf-8") as file:
            json.dump(manifest, file)
            file.flush()
            os.fsync(file.fileno())
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        partial.rename(path)
        _sync(self.folder)
        for old in self.complete()[: -self._keep]:
            shutil.rmtree(old.path, ignore_errors=True)
        return Checkpoint(path, step, self._fencing, now)

    def sweep(self) -> None:
        """Removes what earlier leases have left half written."""
        if not self.folder.is_dir():
            return
        for path in self.folder.glob(f"{_PARTIAL}*"):
            number = path.name.removeprefix(_PARTIAL).split("-")[0]
            if number.isdigit() and int(number) < self._fencing:
                shutil.rmtree(path, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(path: Path) -> Checkpoint | None:
    if path.name.startswith(".") or not path.is_dir():
        return None
    try:
        manifest = json.loads((path / _MANIFEST).read_text(encoding="utf-8"))
        step, fencing = int(manifest["step"]), int(manifest["fencing"])
        if not 0 <= step < _MOST_STEPS:
            raise ValueError(f"step must be less than {_MOST_STEPS}")
        return Checkpoint(path, step, fencing, float(manifest["created_at"]))
    except FileNotFoundError:
        return None  # a folder of the trainer's own
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        say("checkpoint is not usable", path=path, why=f"{type(error).__name__}: {error}"[:500])
        return None
