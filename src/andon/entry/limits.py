"""How fast one person or one token may ask (AP1).

Counted in the memory of each process: a row written for every request would cost more than most
requests do, and what is guarded is the machine, which has few processes. With several of them
the limit is that many times higher; the budget of wrong tries, which guards accounts, is not here.
"""

import threading
import time
from collections.abc import Callable

MOST_KEYS = 10_000


class Window:
    """At most so many hits of one key within the window of a minute."""

    def __init__(self, *, seconds: int = 60, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._now = now
        self._lock = threading.Lock()
        self._counts: dict[object, tuple[float, int]] = {}

    def hit(self, key: object, most: int) -> int:
        """Count one; return 0, or after how many seconds to ask again."""
        now = self._now()
        with self._lock:
            began, count = self._counts.get(key, (now, 0))
            if now - began >= self._seconds:
                began, count = now, 0
            if count >= most:
                return max(1, round(began + self._seconds - now))
            if len(self._counts) >= MOST_KEYS:
                self._forget(now)
            self._counts[key] = (began, count + 1)
        return 0

    def clear(self) -> None:
        with self._lock:
            self._counts.clear()

    def _forget(self, now: float) -> None:
        running = self._counts.items()
        self._counts = {k: v for k, v in running if now - v[0] < self._seconds}


ASKING = Window()
REFUSALS = Window()
