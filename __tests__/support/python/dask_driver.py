"""Uses a Dask cluster that the helper starts, and tells what came of it as lines of JSON.

    python dask_driver.py <source of the configuration> <folder of the tasks>"""

import glob
import json
import os
import signal
import sys
import time

import dask.array
import ml_infra_dask
from distributed import Event, wait

NUMBERS = 100_000_000
PIECES = 40


def tell(**facts):
    print(json.dumps(facts), flush=True)


def until(what, ready, seconds=120):
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.1)


def workers(client):
    return client.scheduler_info(n_workers=-1)["workers"]


def slow_square(number, place):
    """Notes that it runs, so that work that is done twice is seen."""
    with open(os.path.join(place, "executed"), "a", encoding="utf-8") as file:
        file.write(f"{number}\n")
    time.sleep(0.15)
    return number * number


def wait_for_all(number):
    """Is not done until there are workers enough, however long they take to start."""
    Event("all are there").wait()
    return number


def kill_a_worker(folder, address):
    """Ends the task of the worker at this address at once, its nanny too."""
    for log in glob.glob(os.path.join(folder, "*", "log")):
        with open(log, encoding="utf-8", errors="replace") as file:
            if "Start worker at:" in (text := file.read()) and address in text:
                with open(os.path.join(os.path.dirname(log), "pid"), encoding="utf-8") as pid:
                    os.killpg(int(pid.read()), signal.SIGKILL)
                return
    raise LookupError(address)


def main(source, folder):
    cluster = ml_infra_dask.cluster(source, n_workers=2, name="train-1")
    client = cluster.get_client()
    until("two workers", lambda: len(workers(client)) == 2)
    tell(started=2)

    total = dask.array.arange(NUMBERS, chunks=NUMBERS // 20, dtype="int64").sum().compute()
    tell(sum=int(total))

    futures = client.map(slow_square, range(PIECES), place=folder)
    until("some results", lambda: sum(future.done() for future in futures) > PIECES // 5)
    has = client.has_what()
    victim = max(has, key=lambda address: len(has[address]))
    kill_a_worker(folder, victim)
    results = client.gather(futures)
    with open(os.path.join(folder, "executed"), encoding="utf-8") as file:
        executed = len(file.readlines())
    tell(squares=results == [number * number for number in range(PIECES)], again=executed - PIECES)
    del futures

    cluster.scale(1)  # the library counts a worker that has died until it is scaled
    until("one worker", lambda: len(workers(client)) == 1)
    cluster.adapt(minimum=1, maximum=3, interval="500ms", wait_count=2, target_duration="1s")
    busy = client.map(wait_for_all, range(PIECES))
    until("three workers", lambda: len(workers(client)) == 3)
    Event("all are there").set()
    wait(busy)
    del busy
    until("one worker", lambda: len(workers(client)) == 1)
    tell(adapted=[3, 1])

    client.close()
    cluster.close()
    tell(closed=True)
    sys.stdout.flush()
    os._exit(0)  # the library's finalizers need an event loop that has ended


if __name__ == "__main__":
    main(*sys.argv[1:])
