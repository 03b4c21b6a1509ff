"""
A trainer as users write them: a linear model by gradient descent in NumPy, which saves checkpoints, goes on from them, and saves
one more when the machine goes. It notes each step that it takes, and whether another of the same job ran beside it.
"""

import fcntl
import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
from ml_training.checkpoints import Checkpoints

FOLDER = Path(os.environ["TRAINING_CHECKPOINTS"])
CONFIG = json.loads(Path(os.environ["TRAINING_JOB"]).read_text())["config"]


def note(file, text):
    with open(FOLDER / file, "a", encoding="utf-8") as out:
        out.write(f"{text}\n")


def main():
    alone = open(FOLDER / "lock", "w")
    try:
        fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        note("twice", os.environ["TRAINING_FENCING"])
    leaving = []
    signal.signal(signal.SIGTERM, lambda *_: leaving.append(True))
    checkpoints = Checkpoints.of_environment()
    random = np.random.default_rng(CONFIG["seed"])
    samples = random.normal(size=(64, 4))
    targets = samples @ np.array([1.0, -2.0, 0.5, 3.0]) + random.normal(scale=0.1, size=64)
    weights, step = np.zeros(4), 0
    if start := os.environ["TRAINING_CHECKPOINT"]:
        kept = np.load(Path(start) / "model.npz")
        weights, step = kept["weights"], int(kept["step"])
    note("starts", f"{os.environ['TRAINING_FENCING']} {step}")
    print(f"starts at step {step}", flush=True)
    print(CONFIG.get("prints", ""), end="", flush=True)

    def write(folder):
        np.savez(folder / "model.npz", weights=weights, step=step)

    while step < CONFIG["steps"]:
        batch = slice(8 * (step % 8), 8 * (step % 8) + 8)
        weights = weights - 0.05 * samples[batch].T @ (samples[batch] @ weights - targets[batch])
        step += 1
        note("steps", f"{step} {os.environ['TRAINING_FENCING']}")
        if step == CONFIG.get("fails_at") and int(os.environ["TRAINING_ATTEMPT"]) <= CONFIG.get("fails", 100):
            print("loss is not a number", flush=True)
            return 3
        time.sleep(CONFIG.get("seconds", 0))
        if leaving:
            checkpoints.save(step, write, emergency=True)
            return 128 + signal.SIGTERM
        if step % CONFIG.get("every", 1) == 0:
            checkpoints.save(step, write)
    (FOLDER / "result.json").write_text(json.dumps(weights.tolist()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
