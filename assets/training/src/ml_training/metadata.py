"""EC2's metadata service, version 2, and the thread that looks there for the machine's end."""

import json
import os
import subprocess
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Callable

from .log import reason, say
from .registry import Machine

_ENDPOINT = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
_TIMEOUT = 2
_TOKEN_SECONDS = 21600
_DATA = "/latest/meta-data/"
_NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the service is on the machine's own link


class Unavailable(Exception):
    """The metadata service does not answer."""


@dataclass(frozen=True)
class Notice:
    """That the machine will go, or may."""

    kind: str
    """`interruption`, `scale-in` or `rebalance`: the last one lets the running job finish."""
    detail: str
    """What AWS said."""

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}"


class Metadata:
    def __init__(self, endpoint: str | None = None):
        self._endpoint = (endpoint or os.environ.get(_ENDPOINT) or "http://169.254.169.254").rstrip("/")
        self._token = ""

    def get(self, path: str) -> str | None:
        """Text at a path; None when there is none."""
        for _ in range(2):
            try:
                if not self._token:
                    headers = {"X-aws-ec2-metadata-token-ttl-seconds": str(_TOKEN_SECONDS)}
                    self._token = self._ask("PUT", "/latest/api/token", headers)
                return self._ask("GET", _DATA + path, {"X-aws-ec2-metadata-token": self._token})
            except urllib.error.HTTPError as error:
                if error.code == 404:
                    return None
                if error.code != 401:
                    raise Unavailable(f"{path}: HTTP status {error.code}") from None
                self._token = ""  # it has expired
            except (OSError, ValueError) as error:
                raise Unavailable(f"{path}: {error}") from None
        raise Unavailable(f"{path}: refuses its own token")

    def _ask(self, method: str, path: str, headers: dict[str, str]) -> str:
        request = urllib.request.Request(self._endpoint + path, method=method, headers=headers)
        with _NO_PROXY.open(request, timeout=_TIMEOUT) as answer:
            return answer.read().decode()

    def machine(self) -> Machine:
        """Who this machine is."""
        return Machine(
            instance_id=self._must("instance-id"),
            instance_type=self._must("instance-type"),
            gpu_count=count_gpus(),
            ip_address=self._must("local-ipv4"),
            availability_zone=self._must("placement/availability-zone"),
            is_spot=self.get("instance-life-cycle") == "spot",
        )

    def _must(self, path: str) -> str:
        text = self.get(path)
        if not text:
            raise Unavailable(f"{path}: is not there")
        return text

    def notices(self) -> list[Notice]:
        """What the service says now about the machine's end."""
        found = []
        if action := self.get("spot/instance-action"):
            found.append(Notice("interruption", _described(action)))
        if self.get("autoscaling/target-lifecycle-state") == "Terminated":
            found.append(Notice("scale-in", "the Auto Scaling group ends the machine"))
        if recommended := self.get("events/recommendations/rebalance"):
            found.append(Notice("rebalance", _described(recommended)))
        return found


def _described(text: str) -> str:
    try:
        return " ".join(f"{name}={value}" for name, value in json.loads(text).items())
    except (ValueError, AttributeError):
        return text[:200]


def count_gpus() -> int:
    """GPUs that the driver shows; 0 without a driver."""
    try:
        listed = subprocess.run(["nvidia-smi", "--list-gpus"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return sum(line.startswith("GPU ") for line in listed.stdout.splitlines()) if listed.returncode == 0 else 0


class Watcher:
    """Looks at the metadata service now and then, and tells each kind of notice once."""

    def __init__(self, metadata: Metadata, seconds: float, tell: Callable[[Notice], None]):
        self._metadata = metadata
        self._seconds = seconds
        self._tell = tell
        self._told: set[str] = set()
        self._stopped = threading.Event()
        self._silent = False
        self._thread = threading.Thread(target=self._run, name="metadata", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def look(self) -> None:
        try:
            notices = self._metadata.notices()
            self._silent = False
        except Unavailable as error:
            if not self._silent:
                say("metadata service does not answer", why=reason(error))
            self._silent = True
            return
        for notice in notices:
            if notice.kind not in self._told:
                self._told.add(notice.kind)
                self._tell(notice)

    def _run(self) -> None:
        while not self._stopped.wait(self._seconds):
            self.look()
