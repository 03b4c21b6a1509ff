"""The worker's loop: takes a job, runs it under a lease, and writes how it ended."""

import collections
from typing import Any, Callable, TypeVar

from .aws import FAULTS
from .clock import Clock, Watch
from .config import Config
from .events import Exited, Stop
from .jobs import ENDED, Job, Malformed, backoff, from_record, to_record
from .log import reason, say
from .metadata import Notice
from .queues import MOST_HIDDEN_SECONDS, RECEIVE_SECONDS, Message, Queues, send_anew
from .registry import JobLease, Machine, Registry, has_ended, instance_job
from .table import Conflict, Item
from .trainer import CannotStart

T = TypeVar("T")

_RENEWALS = 4  # in a lease time
_QUICK_SECONDS = 0.1  # a job that takes less is quick; after each in a row, a worker takes twice as many messages at once
_MOST_WAITING = 10
_PATIENCE_SECONDS = 1  # how long messages that were taken at once wait for one job, and ended jobs for what follows from them
_MOST_UNSTARTED = 3  # trainers in a row that could not be started, after which the machine is taken to be broken
_PAUSE_SECONDS = 1  # between two tries of a call that AWS did not answer


class LeaseLost(Exception):
    """The job is another's, or nobody's."""


class Turn:
    """What to do at which time, by the steady clock."""

    def __init__(self, clock: Clock):
        self._clock = clock
        self._duties: list[tuple[float, Callable[[], None], list[float]]] = []

    def every(self, seconds: float, duty: Callable[[], None]) -> None:
        self._duties.append((seconds, duty, [self._clock.steady()]))

    def run(self) -> float:
        """Does what is due and gives the seconds until the next is."""
        for seconds, duty, due in self._duties:
            if due[0] <= self._clock.steady():
                try:
                    duty()
                except FAULTS as error:
                    say("duty failed", duty=duty.__name__, why=reason(error))
                due[0] = self._clock.steady() + seconds
        now = self._clock.steady()
        return max(0.0, min((due[0] - now for _, _, due in self._duties), default=60.0))


class Worker:
    """Takes one job at a time. Everything it uses is given to it, so that a model of the protocol runs this very code."""

    def __init__(
        self,
        config: Config,
        machine: Machine,
        registry: Registry,
        queues: Queues,
        trainers: Any,
        events: Any,
        clock: Clock,
        turn: Turn,
        write: Callable[[JobLease, str], None] = lambda lease, text: None,
        protect: Callable[[bool], None] = lambda on: None,
    ):
        self._config = config
        self._machine = machine
        self._registry = registry
        self._queues = queues
        self._trainers = trainers
        self._events = events
        self._clock = clock
        self._turn = turn
        self._write = write
        self._protect = protect
        self._watch = Watch(clock, config.leaseSeconds)
        self._waiting: collections.deque[Message] = collections.deque()
        self._ended: list[tuple[Message, Job | None, Item | None]] = []
        self._ended_since = 0.0
        self._quick = 0
        self._leaving: Notice | Stop | None = None
        self._unstarted = 0
        self.busy = False
        """Whether a trainer runs."""
        self.healthy = True

    @property
    def broken(self) -> bool:
        """Whether no trainer can be started here. Such a machine takes no jobs, which would use up their attempts."""
        return self._unstarted >= _MOST_UNSTARTED

    @property
    def leaving(self) -> Notice | Stop | None:
        """Why this worker takes no more jobs."""
        return self._leaving

    def run(self) -> Notice | Stop:
        """Works until the machine goes or somebody asks it to end; gives which."""
        while self._leaving is None:
            wait = self._turn.run()
            try:
                worked = self.healthy and not self.broken and self.step()
            except FAULTS as error:
                say("AWS did not answer", why=reason(error))
                worked = False
            if worked:
                self.note(self._events.get(0))
                continue
            self._flush()
            self._protect(False)
            self.note(self._events.get(min(wait, self._config.pollSeconds)))
        self._return_waiting()
        self._flush()
        return self._leaving

    def step(self) -> bool:
        """Takes one message and handles it; False when there was none."""
        if not self._waiting:
            self._flush()
            self._waiting.extend(self._queues.receive(min(_MOST_WAITING, 2**self._quick)))
            if not self._waiting:
                self._quick = 0
                return False
            self._protect(True)
        message = self._waiting.popleft()
        began = self._clock.steady()
        try:
            self._handle(message)
        except Malformed as error:
            self._bury(message, str(error))
        self._quick = min(self._quick + 1, _MOST_WAITING) if self._clock.steady() - began < _QUICK_SECONDS else 0
        return True

    def note(self, event: Any) -> None:
        """Looks at what happened beside a trainer."""
        if isinstance(event, (Notice, Stop)) and not isinstance(self._leaving, Stop):
            say("worker leaves", why=event)
            self._leaving = event

    # what a message asks for

    def _handle(self, message: Message) -> None:
        job = message.job
        record = None
        if message.receives > 1 or job.dependencies:
            record = self._registry.job(job.job_id)
            if record is None:
                self._registry.enter(job)  # who sent it was ended before it could
        if record is None:  # as it is when it has just been sent, mostly; it is seen when it is not
            record = to_record(job)
        for _ in range(3):
            job = from_record(record)
            if not self._may_be_taken(message, job, record):
                return
            try:
                lease = self._registry.claim(
                    job, record, self._machine.instance_id, message.receipt_handle, message.queue.url
                )
            except Conflict as conflict:
                if conflict.current is None:
                    self._registry.enter(job)
                record = conflict.current or to_record(job)
                continue
            self._run(message, lease)
            return
        self._put_back(message, record, self._config.leaseSeconds)  # others are at it too

    def _may_be_taken(self, message: Message, job: Job, record: Item) -> bool:
        """Whether a job can be claimed as its record is; does with its message what is right if not."""
        if has_ended(record):
            self._settle(message, job, record)
            return False
        wait = 0.0
        if record["status"] == "running":
            wait = self._watch.remaining(job.job_id, (record["fencing"], record["beat"]))
        elif (most := self._config.mostGpus) is not None and job.gpus > most:
            self._end_unrun(message, job, record, f"it needs {job.gpus} GPUs, and no machine of the group has more than {most}")
            return False
        elif unmet := self._unmet(job):
            if failed := [other for other, status in unmet.items() if status in ENDED]:
                self._end_unrun(message, job, record, f"job {failed[0]}, on which it depends, {unmet[failed[0]]}")
                return False
            wait = max(1.0, self._config.backoffSeconds)
        elif job.gpus > self._machine.gpu_count:
            wait = max(1.0, self._config.pollSeconds)
        if wait > 0:
            self._put_back(message, record, wait)
            return False
        if record["attempt_count"] >= job.max_attempts:
            self._end_unrun(message, job, record, f"its machine vanished in attempt {record['attempt_count']}, the last one")
            return False
        if message.receives >= self._queues.most_receives:
            self._put_back(message, record, 0)  # else the queue would bury it at the next receive, whatever comes of this one
            return False
        return True

    def _unmet(self, job: Job) -> dict[str, str]:
        """Statuses of the jobs on which it depends, other than succeeded."""
        found = {other: (self._registry.job(other) or {}).get("status", "pending") for other in job.dependencies}
        return {other: status for other, status in found.items() if status != "succeeded"}

    def _end_unrun(self, message: Message, job: Job, record: Item, why: str) -> None:
        try:
            ended = self._registry.end_unrun(job, record, "failed", why)
        except Conflict:
            self._put_back(message, record, 1)
            return
        say("job failed", job=job.job_id, why=why)
        self._settle(message, job, ended)

    def _settle(self, message: Message, job: Job, record: Item, run: Item | None = None) -> None:
        """Lets the message of an ended job go: of a failed one to the dead letters."""
        if record["status"] == "failed":
            self._queues.bury(message, f"job failed: {record.get('error_message')}")
        self._end(message, job, run)

    def _bury(self, message: Message, why: str) -> None:
        say("malformed message", queue=message.queue.priority, group=message.group, why=why[:1000], body=message.body[:500])
        self._queues.bury(message, f"malformed: {why}")
        self._end(message, None, None)

    def _put_back(self, message: Message, record: Item, seconds: float) -> None:
        """
        Hides a message for so long and leaves it in the queue. Where the next receive would be more than the queue allows, for no
        fault of the job's, a fresh message takes its place.
        """
        if message.receives < self._queues.most_receives:
            if self._queues.hide(message.queue.url, message.receipt_handle, -(-seconds // 1)):
                return
        current = self._registry.job(record["job_id"])
        if current is not None and not has_ended(current) and send_anew(self._queues, self._registry, current):
            self._queues.delete([message])

    # what follows from ended jobs, a few at a time

    def _end(self, message: Message, job: Job | None, run: Item | None) -> None:
        if not self._ended:
            self._ended_since = self._clock.steady()
        self._ended.append((message, job, run))
        if len(self._ended) >= _MOST_WAITING or self._clock.steady() - self._ended_since > _PATIENCE_SECONDS:
            self._flush()

    def _flush(self) -> None:
        """Deletes the messages of ended jobs and writes what follows from their records. What fails is done again."""
        if not self._ended:
            return
        try:
            self._registry.note_ended([(job, run) for _, job, run in self._ended if job is not None], [])
            self._queues.delete([message for message, _, _ in self._ended])
        except FAULTS as error:
            say("AWS did not answer", why=reason(error))
            return
        self._ended = []

    def _return_waiting(self) -> None:
        while self._waiting:
            message = self._waiting.popleft()
            self._try(lambda: self._queues.hide(message.queue.url, message.receipt_handle, 0))

    def _try(self, call: Callable[[], object]) -> None:
        try:
            call()
        except FAULTS as error:
            say("AWS did not answer", why=reason(error))

    # a job that runs

    def _run(self, message: Message, lease: JobLease) -> None:
        say("job taken", job=lease.job.job_id, attempt=lease.attempt, fencing=lease.fencing)
        try:
            trainer = self._trainers.start(lease, lambda text: self._write(lease, text))
        except CannotStart as error:
            self._unstarted += 1
            self._failed(message, lease, str(error), None)
            return
        self._unstarted, self.busy = 0, True
        try:
            outcome = Run(self, message, lease, trainer).supervise()
            words = trainer.end()
        except LeaseLost:
            trainer.kill()
            trainer.end()
            self._lost(message, lease)
            return
        finally:
            self.busy = False
        self._outcome(message, lease, outcome, words)

    def _outcome(self, message: Message, lease: JobLease, outcome: "Exited | str | None", words: str) -> None:
        checkpoint = self.checkpoint(lease)
        if outcome is None:
            self._give_back(message, lease, checkpoint)
        elif isinstance(outcome, str):
            self._failed(message, lease, outcome, checkpoint)
        elif outcome.status == 0:
            self._finished(message, lease, "succeeded", None, checkpoint)
        else:
            how = f"status {outcome.status}" if outcome.status > 0 else f"signal {-outcome.status}"
            self._failed(message, lease, f"the trainer ended with {how}: {words[-8000:]}", checkpoint)

    def checkpoint(self, lease: JobLease) -> Item | None:
        try:
            latest = self._trainers.checkpoints(lease).latest()
        except OSError as error:  # the next attempt looks for itself
            say("checkpoints cannot be read", job=lease.job.job_id, why=reason(error))
            return None
        return latest.summary() if latest else None

    def run_of(self, lease: JobLease, status: str, interrupted: bool = False) -> Item:
        """That this machine ran the job."""
        return instance_job(self._machine.instance_id, lease.job.job_id, status, lease.since, interrupted)

    def _finished(self, message: Message, lease: JobLease, status: str, error: str | None, checkpoint: Item | None) -> None:
        try:
            record = self.while_held(lease, lambda: self._registry.finish(lease, status, error, checkpoint))
        except LeaseLost:
            self._lost(message, lease)
            return
        say("job ended", job=lease.job.job_id, status=status, fencing=lease.fencing)
        run = self.run_of(lease, "completed" if status == "succeeded" else "failed")
        self._settle(message, lease.job, record, run)

    def _failed(self, message: Message, lease: JobLease, why: str, checkpoint: Item | None) -> None:
        if lease.attempt >= lease.job.max_attempts:
            self._finished(message, lease, "failed", why, checkpoint)
            return
        pause = backoff(lease.attempt, self._config.backoffSeconds)
        say("attempt failed", job=lease.job.job_id, attempt=lease.attempt, why=why, again_after=pause)
        self._leave(message, lease, "pending", True, why, checkpoint, pause)

    def _give_back(self, message: Message, lease: JobLease, checkpoint: Item | None) -> None:
        self._leave(message, lease, "interrupted", False, None, checkpoint, 0)
        say("job given back", job=lease.job.job_id, checkpoint=checkpoint)

    def _leave(
        self, message: Message, lease: JobLease, status: str, counts: bool, why: str | None, checkpoint: Item | None, pause: int
    ) -> None:
        try:
            record = self.while_held(lease, lambda: self._registry.give_back(lease, status, counts, why, checkpoint))
        except LeaseLost:
            self._lost(message, lease)
            return
        self._try(lambda: self._put_back(message, record, pause))
        run = self.run_of(lease, "failed", interrupted=status == "interrupted")
        self._try(lambda: self._registry.note_ended([], [run]))

    def _lost(self, message: Message, lease: JobLease) -> None:
        """Somebody else decides on the job. The message is left as it is, unless the job has ended."""
        say("lease lost", job=lease.job.job_id, fencing=lease.fencing)
        record = self._registry.job(lease.job.job_id)
        if record is not None and has_ended(record):
            self._settle(message, lease.job, record)

    def while_held(self, lease: JobLease, call: Callable[[], T]) -> T:
        """A write of a job whose trainer has ended, again until AWS answers or the lease is over. LeaseLost when it is."""
        while True:
            try:
                return call()
            except Conflict:
                raise LeaseLost from None
            except FAULTS as error:
                say("AWS did not answer", job=lease.job.job_id, why=reason(error))
            if self._clock.steady() + _PAUSE_SECONDS >= lease.deadline:
                raise LeaseLost
            self.note(self._events.get(_PAUSE_SECONDS))


class Run:
    """One trainer while it runs: its lease and its message are renewed, and whatever happens is answered."""

    def __init__(self, worker: Worker, message: Message, lease: JobLease, trainer: Any):
        self._worker = worker
        self._message = message
        self._lease = lease
        self._trainer = trainer
        self._clock = worker._clock
        config = worker._config
        now = self._clock.steady()
        self._renew_seconds = config.leaseSeconds / _RENEWALS
        self._renew_at = now + self._renew_seconds
        self._hide_seconds = config.visibilitySeconds
        # it may have waited beside others before
        self._hidden_until = now + MOST_HIDDEN_SECONDS - RECEIVE_SECONDS
        self._hide_at = now + min(RECEIVE_SECONDS, config.visibilitySeconds) / 3
        self._noted_at: float | None = now + _PATIENCE_SECONDS
        limit = lease.job.timeout_seconds
        self._timeout_at = now + limit if limit else float("inf")
        self._kill_at = float("inf")
        self._why: str | None = None
        self._stopping = False

    def supervise(self) -> Exited | str | None:
        """How the trainer ended: its status, why it was ended, or None when it was ended for the machine's sake."""
        if self._worker.leaving is not None:
            self._stop(None)
        while True:
            event = self._worker._events.get(self._until_next())
            if isinstance(event, Exited) and event.trainer == self._trainer.number:
                return self._why if self._stopping else event
            if event is not None and not isinstance(event, Exited):
                self._worker.note(event)
                if self._worker.leaving is not None and getattr(event, "kind", "") != "rebalance":
                    self._stop(None)
            self._do_what_is_due()

    def _until_next(self) -> float:
        due = min(self._renew_at, self._hide_at, self._timeout_at, self._kill_at, self._noted_at or float("inf"))
        return min(self._worker._turn.run(), max(0.0, due - self._clock.steady()))

    def _do_what_is_due(self) -> None:
        now = self._clock.steady()
        if now >= self._lease.deadline:
            raise LeaseLost
        if now >= self._kill_at:
            self._trainer.kill()
            self._kill_at = float("inf")
        if now >= self._timeout_at:
            self._timeout_at = float("inf")
            self._stop(f"it ran longer than timeout_seconds, {self._lease.job.timeout_seconds}")
        if self._noted_at is not None and now >= self._noted_at:
            self._noted_at = None
            self._note()
        if now >= self._renew_at:
            self._renew()
        if now >= self._hide_at:
            self._hide()

    def _stop(self, why: str | None) -> None:
        if self._stopping:
            return
        self._stopping = True
        self._why = why
        self._trainer.ask_to_stop()
        self._kill_at = self._clock.steady() + self._worker._config.graceSeconds

    def _note(self) -> None:
        """The job is no quick one: others may have the messages that wait, and the registry shows who runs it."""
        worker = self._worker
        worker._return_waiting()
        worker._flush()
        run = worker.run_of(self._lease, "running")
        worker._try(lambda: worker._registry.note_ended([], [run]))

    def _renew(self) -> None:
        worker = self._worker
        try:
            worker._registry.renew(self._lease, worker.checkpoint(self._lease))
        except Conflict:
            raise LeaseLost from None
        except FAULTS as error:
            say("lease was not renewed", job=self._lease.job.job_id, why=reason(error))
            self._renew_at = self._clock.steady() + _PAUSE_SECONDS
            return
        self._trainer.extend(self._lease.deadline)
        self._renew_at = self._clock.steady() + self._renew_seconds

    def _hide(self) -> None:
        """Keeps the message hidden. Where it is not ours any more, or after 12 hours in all, others find the lease held."""
        worker, message = self._worker, self._message
        seconds = int(min(self._hide_seconds, self._hidden_until - self._clock.steady()))
        if seconds <= 0:
            self._hide_at = float("inf")
            return
        worker._try(lambda: worker._queues.hide(message.queue.url, message.receipt_handle, seconds))
        self._hide_at = self._clock.steady() + self._hide_seconds / 3
