"""Who is there, who leads, and who runs which job: the items of the registry, and the only writes that are made to them."""

import time
import uuid
from dataclasses import dataclass
from typing import Any, Iterable

from .clock import Clock
from .jobs import ENDED, Job, indexed, job_key, to_record
from .table import Conflict, Item, Key, Table

LEADER: Key = ("INSTANCE#LEADER", "LEADER")
_HISTORY_SECONDS = 30 * 24 * 3600  # which machine ran which job is kept for a month
_SAFE = 0.75  # part of the lease time after which its holder stops by itself; the rest is for stopping


@dataclass
class Lease:
    """Right to run a job, or to lead, until `deadline` of the holder's own steady clock."""

    fencing: int
    """Rises by one whenever the lease changes hands. What is written under an older number is refused."""
    beat: int
    """Rises by one with each renewal: what others watch."""
    deadline: float


@dataclass
class JobLease(Lease):
    job: Job
    record: Item
    since: int
    """When it was taken, seconds since 1970."""

    @property
    def attempt(self) -> int:
        return self.record["attempt_count"]


@dataclass(frozen=True)
class Machine:
    instance_id: str
    instance_type: str
    gpu_count: int
    ip_address: str
    availability_zone: str
    is_spot: bool

    @property
    def key(self) -> Key:
        return instance_key(self.instance_id)


def instance_key(instance_id: str) -> Key:
    return f"INSTANCE#{instance_id}", "INSTANCE"


def timestamp(seconds: float) -> str:
    """ISO 8601 in UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def instance_status(instance_id: str, status: str) -> Item:
    """Attributes that follow a machine's status."""
    return {"status": status, "GSI1PK": f"STATUS#{status}", "GSI1SK": f"INSTANCE#{instance_id}"}


def instance_job(instance_id: str, job_id: str, status: str, assigned_at: int, interrupted: bool = False) -> Item:
    """That a machine ran a job; status is running, completed or failed, and interrupted when it failed as the machine goes."""
    return {
        "PK": f"INSTANCE#{instance_id}",
        "SK": f"JOB#{job_id}",
        "GSI1PK": "JOB",
        "GSI1SK": f"JOB#{job_id}#INSTANCE#{instance_id}",
        "TYPE": "INSTANCE_JOB",
        "assigned_at": assigned_at,
        "status": status,
        "interrupted": interrupted,
        "TimeToLive": assigned_at + _HISTORY_SECONDS,
    }


def queue_job_key(job: Job) -> Key:
    return f"QUEUE#{job.priority}", f"JOB#{job.job_id}"


def queue_job(job: Job, enqueued_at: float) -> Item:
    """That a job waits or runs; its position is by arrival, in milliseconds since 1970."""
    pk, sk = queue_job_key(job)
    return {
        "PK": pk,
        "SK": sk,
        "GSI1PK": "JOB",
        "GSI1SK": f"JOB#{job.job_id}#QUEUE#{job.priority}",
        "TYPE": "QUEUE_JOB",
        "enqueued_at": int(enqueued_at),
        "priority": job.priority,
        "position": int(enqueued_at * 1000),
    }


class Registry:
    def __init__(self, table: Table, clock: Clock, lease_seconds: float, ttl_hours: float):
        self._table = table
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._ttl_seconds = ttl_hours * 3600

    def _now(self) -> int:
        return int(self._clock.wall())

    # jobs

    def enqueue(self, job: Job) -> None:
        """Notes that a job waits. Before its message is sent: afterwards it may have ended already."""
        self._table.write([queue_job(job, self._clock.wall())], [])

    def enter(self, job: Job) -> None:
        """Writes the record of a job, unless there is one: who sends the job and who first receives it both do."""
        try:
            self._table.add(to_record(job))
        except Conflict as conflict:
            if conflict.current is None:
                raise

    def job(self, job_id: str) -> Item | None:
        return self._table.get(job_key(job_id))

    def jobs(self, status: str, newest: int | None = None) -> list[Item]:
        """Records of a status, oldest first, or some, newest first; those that have just changed may be absent or as they were."""
        return self._table.query(f"STATUS#{status}", "JOB#", index="GSI1", limit=newest, newest=newest is not None)

    def claim(self, job: Job, record: Item, owner: str, receipt_handle: str, queue_url: str) -> JobLease:
        """Takes a job that is as `record` says: nobody's, or one whose lease was seen unrenewed. Conflict when it is not."""
        sent = self._clock.steady()
        now = self._now()
        claim = uuid.uuid4().hex
        taken = self._table.replace(
            {
                **record,
                **indexed("running", job.created_at, job.job_id),
                "owner": owner,
                "claim": claim,
                "fencing": record["fencing"] + 1,
                "beat": record["beat"] + 1,
                "attempt_count": record["attempt_count"] + 1,
                "started_at": record.get("started_at") or now,
                "lease_expires_at": now + int(self._lease_seconds),
                "receipt_handle": receipt_handle,
                "queue_url": queue_url,
            },
            _version(record),
            {"claim": claim},
        )
        return JobLease(taken["fencing"], taken["beat"], self._deadline(sent), job, taken, now)

    def renew(self, lease: JobLease, checkpoint: Item | None) -> None:
        """Keeps a job; Conflict when it has been taken away."""
        sent = self._clock.steady()
        change = {"beat": lease.beat + 1, "lease_expires_at": self._now() + int(self._lease_seconds)}
        if checkpoint is not None:
            change["checkpoint"] = checkpoint
        own = {"claim": lease.record["claim"], "beat": lease.beat + 1}
        lease.record = self._table.update(lease.job.key, self._held(lease), change, own)
        lease.beat += 1
        lease.deadline = self._deadline(sent)

    def finish(self, lease: JobLease, status: str, error: str | None, checkpoint: Item | None) -> Item:
        """Writes how a job ended; Conflict when it is no longer the holder's to say."""
        return self._leave(lease, status, {"completed_at": self._now(), **_NO_MESSAGE}, error, checkpoint)

    def give_back(self, lease: JobLease, status: str, counts: bool, error: str | None, checkpoint: Item | None) -> Item:
        """Lets somebody else go on: `pending` after a failure, `interrupted` when the machine goes. Counts as an attempt or not."""
        attempts = lease.attempt if counts else lease.attempt - 1
        return self._leave(lease, status, {"attempt_count": attempts}, error, checkpoint)

    def _leave(self, lease: JobLease, status: str, change: Item, error: str | None, checkpoint: Item | None) -> Item:
        job, claim = lease.job, lease.record["claim"]
        left = {
            **indexed(status, job.created_at, job.job_id),
            **_NOBODY,
            **change,
            "error_message": error,
            **({"checkpoint": checkpoint} if checkpoint else {}),
            "left_claim": claim,  # so that a repeated call knows its own write
        }
        own = {"status": status, "left_claim": claim}
        held = self._held(lease)
        while True:
            try:
                return self._table.replace({**lease.record, **left}, {**_version(lease.record), **held}, own)
            except Conflict as conflict:
                current = conflict.current
                if current is None or any(current.get(name) != value for name, value in held.items()):
                    raise
                lease.record = current  # another message was sent for it meanwhile

    @staticmethod
    def _held(lease: JobLease) -> Item:
        return {"status": "running", "fencing": lease.fencing, "beat": lease.beat}

    def end_unrun(self, job: Job, record: Item, status: str, error: str | None) -> Item:
        """Ends a job that is as `record` says, whoever runs it: cancelled, or failed before an attempt. Conflict when it is not."""
        return self._table.update(
            job.key,
            {"status": record["status"], "fencing": record["fencing"], "beat": record["beat"]},
            {
                **indexed(status, job.created_at, job.job_id),
                **_NOBODY,
                **_NO_MESSAGE,
                "fencing": record["fencing"] + 1,
                "completed_at": self._now(),
                **({"error_message": error} if error else {}),
            },
        )

    def count_send(self, record: Item) -> Item:
        """Reserves the number of a further message for a job; Conflict when the job has changed."""
        return self._table.update(
            (record["PK"], record["SK"]),
            {"status": record["status"], "fencing": record["fencing"], "sends": record["sends"]},
            {"sends": record["sends"] + 1, "sent_at": self._now(), "sender": uuid.uuid4().hex},
        )

    def note_ended(self, ended: Iterable[tuple[Job, Item | None]], started: Iterable[Item]) -> None:
        """Writes what follows from the records: who ran what, and who waits no longer."""
        ended = list(ended)
        runs = [*started, *(run for _, run in ended if run is not None)]
        last = {(run["PK"], run["SK"]): run for run in runs}
        self._table.write(last.values(), {queue_job_key(job) for job, _ in ended})


    # machines

    def register(self, machine: Machine) -> int:
        """Enters this machine and gives its beat; Conflict when it was told to go, which it does not survive."""
        now = self._clock.wall()
        item = {
            "PK": machine.key[0],
            "SK": machine.key[1],
            **instance_status(machine.instance_id, "running"),
            "TYPE": "INSTANCE",
            "instance_id": machine.instance_id,
            "instance_type": machine.instance_type,
            "gpu_count": machine.gpu_count,
            "launched_at": timestamp(now),
            "ip_address": machine.ip_address,
            "availability_zone": machine.availability_zone,
            "is_spot": machine.is_spot,
            "health_status": "healthy",
            "is_leader": False,
            "last_heartbeat": int(now),
            "beat": 0,
            "TimeToLive": self._expiry(now),
        }
        try:
            self._table.add(item)
            return 0
        except Conflict as conflict:
            current = conflict.current
            if current is None or current["status"] == "terminated":
                raise
            # the program was started anew on the same machine
            beat = current.get("beat", 0) + 1
            change = {name: value for name, value in item.items() if name not in ("PK", "SK", "launched_at")}
            self._table.update(machine.key, {"beat": current.get("beat")}, {**change, "beat": beat})
            return beat

    def heartbeat(self, machine: Machine, beat: int, health: str, metrics: Item) -> int:
        """Shows that this machine lives; gives its new beat. Conflict when it was told to go, or is not registered."""
        now = self._clock.wall()
        change = {
            "last_heartbeat": int(now),
            "TimeToLive": self._expiry(now),
            "health_status": health,
            "metrics": metrics,
            "beat": beat + 1,
        }
        return self._table.update(machine.key, {"status": "running", "beat": beat}, change, {"status": "running", "beat": beat + 1})["beat"]

    def deregister(self, machine: Machine) -> None:
        self._table.delete(machine.key, {})

    def leave(self, machine: Machine) -> None:
        """Writes that this machine goes. Its entry stays for the function that tells people, until the leader or TTL removes it."""
        item = self.instance(machine.instance_id)
        if item is not None and item["status"] == "running":
            change = {"interrupted_at": timestamp(self._clock.wall()), "health_status": "unhealthy", "is_leader": False}
            self.announce_end(item, "terminated", change)

    def instance(self, instance_id: str) -> Item | None:
        return self._table.get(instance_key(instance_id))

    def instances(self) -> list[Item]:
        return self._table.query("INSTANCE", index="GSITYPE")

    def remove_instance(self, item: Item) -> None:
        """Removes the entry of a machine that has not beaten since; Conflict when it has."""
        self._table.delete((item["PK"], item["SK"]), {"beat": item.get("beat")})

    def runs(self, instance_id: str) -> list[Item]:
        """What a machine runs or ran."""
        return self._table.query(f"INSTANCE#{instance_id}", "JOB#")

    def announce_end(self, item: Item, status: str, change: Item) -> Item:
        """Writes that a machine goes or has gone; Conflict when its entry has changed."""
        expect = {"status": item["status"], "beat": item.get("beat"), "interrupted_at": item.get("interrupted_at")}
        return self._table.update(
            (item["PK"], item["SK"]), expect, {**instance_status(item["instance_id"], status), **change}
        )

    def amend_instance(self, item: Item, change: Item) -> Item:
        return self._table.update((item["PK"], item["SK"]), {}, change)

    # the leader

    def leader(self) -> Item | None:
        return self._table.get(LEADER)

    def lead(self, owner: str, item: Item | None) -> Lease:
        """Becomes leader while the leader's item is as it was read: nobody's, or seen unrenewed. Conflict when it is not."""
        sent = self._clock.steady()
        fencing = (item or {}).get("fencing", 0) + 1
        now = self._clock.wall()
        change = {
            "TYPE": "LEADER",
            "instance_id": owner,
            "elected_at": timestamp(now),
            "lease_expires_at": int(now + self._lease_seconds),
            "fencing": fencing,
            "beat": (item or {}).get("beat", 0) + 1,
            "claim": uuid.uuid4().hex,
        }
        if item is None:
            self._table.add({"PK": LEADER[0], "SK": LEADER[1], **change})
        else:
            self._table.update(LEADER, {"fencing": item["fencing"], "beat": item["beat"]}, change)
        return Lease(fencing, change["beat"], self._deadline(sent))

    def renew_lead(self, owner: str, lease: Lease) -> None:
        sent = self._clock.steady()
        expect = {"instance_id": owner, "fencing": lease.fencing, "beat": lease.beat}
        change = {"beat": lease.beat + 1, "lease_expires_at": int(self._clock.wall() + self._lease_seconds)}
        own = {"instance_id": owner, "fencing": lease.fencing, "beat": lease.beat + 1}
        self._table.update(LEADER, expect, change, own)
        lease.beat += 1
        lease.deadline = self._deadline(sent)

    def resign(self, owner: str) -> bool:
        """
        Takes the lead from `owner`; whether it had it. The item stays, so that fencing numbers go on rising, and it has no TTL
        for the same reason.
        """
        item = self.leader()
        if item is None or item.get("instance_id") != owner:
            return False
        try:
            expect = {"instance_id": owner, "fencing": item["fencing"]}
            self._table.update(LEADER, expect, {"instance_id": None, "lease_expires_at": None, "beat": item["beat"] + 1})
        except Conflict:
            return False
        return True

    def mark_leader(self, machine: Machine, leads: bool) -> None:
        self._table.update(machine.key, {}, {"is_leader": leads})

    def take_away(self, record: Item, fence: tuple[str, Lease] | None, counts: bool) -> None:
        """
        Makes a running job nobody's when it is as `record` says, so that it can be taken at once. `fence` names the leader and
        its lease, under which alone this is accepted; without it, the caller knows that the machine is gone. Conflict when
        either is not so.
        """
        change = {
            **indexed("interrupted", record["created_at"], record["job_id"]),
            **_NOBODY,
            "fencing": record["fencing"] + 1,
            "attempt_count": record["attempt_count"] if counts else record["attempt_count"] - 1,
        }
        expect = {"status": "running", "fencing": record["fencing"], "beat": record["beat"]}
        key = (record["PK"], record["SK"])
        if fence is None:
            self._table.update(key, expect, change)
        else:
            owner, lease = fence
            self._table.update_while(LEADER, {"instance_id": owner, "fencing": lease.fencing}, key, expect, change)

    def _deadline(self, sent: float) -> float:
        return sent + _SAFE * self._lease_seconds

    def _expiry(self, now: float) -> int:
        return int(now + self._ttl_seconds)


def _version(record: Item) -> Item:
    """What changes with every change of a job's record: nothing else does without one of these."""
    return {name: record[name] for name in ("status", "fencing", "beat", "sends")}


_NOBODY: Item = {"owner": None, "claim": None, "lease_expires_at": None}
_NO_MESSAGE: Item = {"receipt_handle": None, "queue_url": None}


def has_ended(record: dict[str, Any]) -> bool:
    return record.get("status") in ENDED
