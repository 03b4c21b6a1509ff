"""How a machine is. Busy processors and GPUs are what a training machine is for, and say nothing about its health."""

import os
import shutil
from pathlib import Path

_UNHEALTHY_PERCENT = 95  # of memory or of a disk: the next job would fail


def metrics(folders: tuple[str, ...]) -> dict[str, int]:
    """Percent of memory and of the fullest disk in use, and the load per hundred processors."""
    return {
        "memory": _memory(),
        "disk": max((_disk(folder) for folder in folders if os.path.isdir(folder)), default=0),
        "load": round(100 * os.getloadavg()[0] / (os.cpu_count() or 1)),
    }


def health_of(measured: dict[str, int]) -> str:
    """`healthy` or `unhealthy`."""
    full = max(measured["memory"], measured["disk"]) >= _UNHEALTHY_PERCENT
    return "unhealthy" if full else "healthy"


def _memory() -> int:
    fields = {}
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        name, _, rest = line.partition(":")
        fields[name] = int(rest.split()[0])
    return round(100 * (1 - fields["MemAvailable"] / fields["MemTotal"]))


def _disk(folder: str) -> int:
    used = shutil.disk_usage(folder)
    return round(100 * used.used / used.total)
