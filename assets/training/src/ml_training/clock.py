"""Time, as a machine of its own sees it."""

import time

# Goes on while a machine hibernates, which CLOCK_MONOTONIC does not; absent outside Linux.
_BOOTTIME = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Clock:
    def wall(self) -> float:
        """Seconds since 1970. May be wrong by minutes: for people and for DynamoDB's TTL, never for a decision."""
        return time.time()

    def steady(self) -> float:
        """Seconds since some moment of this machine; only differences mean something, and only here."""
        return time.clock_gettime(_BOOTTIME)


class Watch:
    """
    Tells for how long this process has seen a lease unrenewed, by its own steady clock. Who takes a lease over has seen the
    same `stamp` for the whole lease time, so that clocks of different machines need not agree.
    """

    _MOST = 10_000  # stamps that are kept; a forgotten one is watched anew

    def __init__(self, clock: Clock, lease_seconds: float):
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._seen: dict[str, tuple[object, float]] = {}

    def remaining(self, name: str, stamp: object) -> float:
        """Seconds until `name` may be taken over if its stamp stays as it is; 0 when it may be now."""
        now = self._clock.steady()
        known, since = self._seen.get(name, (None, now))
        if known != stamp:
            since = now
            self._seen.pop(name, None)
            while len(self._seen) >= self._MOST:
                del self._seen[next(iter(self._seen))]
            self._seen[name] = (stamp, since)
        return max(0.0, since + self._lease_seconds - now)

    def keep(self, names: set[str]) -> None:
        """Forgets all others."""
        self._seen = {name: seen for name, seen in self._seen.items() if name in names}
