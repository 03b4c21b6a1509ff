"""Election of one machine, and what it does for all."""

from .aws import FAULTS
from .clock import Clock, Watch
from .jobs import Malformed
from .log import reason, say
from .queues import Queues, send_anew
from .registry import Lease, Machine, Registry, has_ended
from .table import Conflict, Item

_SILENT_LEASES = 2.5  # lease times without a heartbeat after which a machine's entry goes; machines beat every half


class Leader:
    def __init__(self, machine: Machine, registry: Registry, queues: Queues, clock: Clock, lease_seconds: float):
        self._me = machine.instance_id
        self._machine = machine
        self._registry = registry
        self._queues = queues
        self._clock = clock
        self._watch = Watch(clock, lease_seconds)
        self._machines = Watch(clock, _SILENT_LEASES * lease_seconds)
        self._retention: int | None = None
        self.lease: Lease | None = None

    @property
    def leads(self) -> bool:
        return self.lease is not None and self._clock.steady() < self.lease.deadline

    def elect(self) -> None:
        """Becomes leader, remains it, or sees who is."""
        led = self.lease is not None
        try:
            if self.lease is not None and self.leads:
                self._registry.renew_lead(self._me, self.lease)
            else:
                self.lease = None
                self._try()
        except Conflict:
            self.lease = None
        if led != (self.lease is not None):
            self._told_of_change()

    def _try(self) -> None:
        item = self._registry.leader()
        holder = item.get("instance_id") if item else None
        if item is not None and holder is not None:
            if self._watch.remaining("leader", (item["fencing"], item["beat"])) > 0:
                return
        self.lease = self._registry.lead(self._me, item)

    def _told_of_change(self) -> None:
        say("leads" if self.lease else "leads no longer", fencing=self.lease and self.lease.fencing)
        try:
            self._registry.mark_leader(self._machine, self.lease is not None)
        except Conflict:
            pass  # it is not registered any more

    def resign(self) -> None:
        """Lets another lead at once."""
        if self.lease is not None:
            self.lease = None
            self._registry.resign(self._me)

    def work(self) -> None:
        """Looks after jobs whose machines are gone, messages that are gone, and entries of machines that are gone."""
        if not self.leads:
            return
        running = self._registry.jobs("running")
        for record in running:
            self._each(self._recover, record)
        self._watch.keep({"leader", *(str(record.get("job_id")) for record in running)})
        for record in [*self._registry.jobs("pending"), *self._registry.jobs("interrupted")]:
            self._each(self._send_before_it_expires, record)
        machines = self._registry.instances()
        for item in machines:
            self._each(self._remove_if_silent, item)
        self._machines.keep({item["PK"] for item in machines})

    @staticmethod
    def _each(duty, item: Item) -> None:
        try:
            duty(item)
        except Conflict:
            pass  # it has changed, and is looked at again
        except (*FAULTS, Malformed, KeyError, TypeError) as error:
            say("leader could not handle an item", item=f"{item.get('PK')} {item.get('SK')}", why=reason(error))

    def _recover(self, record: Item) -> None:
        """Makes a job nobody's when its holder has not renewed it for the lease time, and shows its message again."""
        if self._watch.remaining(record["job_id"], (record["fencing"], record["beat"])) > 0 or self.lease is None:
            return
        self._registry.take_away(record, (self._me, self.lease), counts=True)
        say("job recovered", job=record["job_id"], instance=record.get("owner"))
        wake(self._queues, self._registry, record)

    def _send_before_it_expires(self, record: Item) -> None:
        """Sends a job's message anew when three quarters of the time are over for which the queue keeps it."""
        if self._retention is None:
            self._retention = self._queues.retention_seconds()
        if self._clock.wall() - record["sent_at"] > 0.75 * self._retention:
            current = self._registry.job(record["job_id"])  # the index may be late
            if current and current["sent_at"] == record["sent_at"] and not has_ended(current):
                send_anew(self._queues, self._registry, current)
                say("message sent anew", job=record["job_id"])

    def _remove_if_silent(self, item: Item) -> None:
        if item["PK"] != self._machine.key[0] and self._machines.remaining(item["PK"], item.get("beat")) == 0:
            self._registry.remove_instance(item)
            say("machine removed", instance=item["instance_id"], last_heartbeat=item.get("last_heartbeat"))


def wake(queues: Queues, registry: Registry, record: Item) -> None:
    """Shows the message of a job that was taken away from its machine; `record` is what it was before."""
    url, handle = record.get("queue_url"), record.get("receipt_handle")
    if url and handle and queues.hide(url, handle, 0):
        return
    current = registry.job(record["job_id"])
    if current is not None and current["status"] in ("pending", "interrupted"):
        send_anew(queues, registry, current)
