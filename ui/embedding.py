"""Embedding the catalog, in the background, for attributes that visitors want and that the catalog is not embedded for."""

import logging
import threading
import time
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from common.pace import Pace
from library import Opened, Stage, Stopped

LEASE = 150.0
"""Seconds that a wish holds without being renewed. Browsers wake a page out of sight once a minute."""

_log = logging.getLogger("lapel.ui")


@dataclass
class Wish:
    """Attributes that one visitor waits for, when it was last renewed, and what went wrong with them."""

    attributes: tuple[str, ...]
    renewed: float = field(default_factory=time.monotonic)
    error: Exception | None = None

    @property
    def alive(self) -> bool:
        return self.error is None and time.monotonic() - self.renewed < LEASE


class Embedding:
    """One thread at most embeds, all that is wanted at once; it stops when nobody wants what it works on."""

    def __init__(self, opened: Opened) -> None:
        self._opened = weakref.ref(opened)  # else a catalog that was closed would stay in memory
        self._wishes: dict[str, Wish] = {}
        self._lock = threading.Lock()
        self._running = False
        self._batch: tuple[str, ...] = ()
        self._stage = Stage("table", 0, len(opened.catalog))

    @property
    def opened(self) -> Opened:
        """The catalog, which whoever asks holds, and the thread while it works."""
        opened = self._opened()
        assert opened is not None
        return opened

    def want(self, visitor: str, attributes: Sequence[str]) -> None:
        """From now on this visitor waits for these and no others; none: for nothing."""
        with self._lock:
            for other in [name for name, wish in self._wishes.items() if not wish.alive]:
                del self._wishes[other]
            self._wishes.pop(visitor, None)
            if attributes:
                self._wishes[visitor] = Wish(tuple(attributes))
                self._start()

    def stage(self, visitor: str) -> Stage | None:
        """How far the work for a visitor is, which also says that the visitor still waits; None when it is done.

        What went wrong with it is raised, once.
        """
        with self._lock:
            wish = self._wishes.get(visitor)
            if wish is None:
                return None
            if wish.error is not None:
                del self._wishes[visitor]
                raise wish.error
            wish.renewed = time.monotonic()
            if not self._lacking(wish):
                del self._wishes[visitor]
                return None
            self._start()
            if self._wanted(self._batch) and set(self._batch) & set(wish.attributes):
                return self._stage
            return Stage("table", 0, len(self.opened.catalog))

    def wait(self, seconds: float) -> bool:
        """Whether nothing is being embedded any longer within some seconds."""
        until = time.monotonic() + seconds
        while self._running and time.monotonic() < until:
            time.sleep(0.02)
        return not self._running

    def _start(self) -> None:
        if not self._running:
            self._running = True
            threading.Thread(target=self._work, args=[self.opened], name="lapel-embed", daemon=True).start()

    def _work(self, opened: Opened) -> None:
        while True:
            with self._lock:
                lacking = [self._lacking(wish) for wish in self._wishes.values() if wish.alive]
                self._batch = tuple(dict.fromkeys(name for names in lacking for name in names))
                self._stage = Stage("table", 0, len(self.opened.catalog))
                if not self._batch:
                    self._running = False
                    return
            self._embed(self._batch)

    def _embed(self, batch: tuple[str, ...]) -> None:
        pace = Pace()

        def progress(done: int, total: int) -> None:
            if not self._wanted(batch):
                raise Stopped
            pace.mark(done)
            self._stage = replace(self._stage, done=done, total=total, left=pace.left(total))

        try:
            self.opened.engine.ensure(batch, progress)
        except Stopped:
            _log.info("stopped embedding %s", ", ".join(batch))
        except Exception as error:  # told to those who wait for it, in `stage`
            with self._lock:
                for wish in self._wishes.values():
                    if set(wish.attributes) & set(batch):
                        wish.error = error
        finally:
            self.opened.measured(len(batch), pace.speed)

    def _wanted(self, batch: Sequence[str]) -> bool:
        wishes = list(self._wishes.values())
        return any(wish.alive and set(wish.attributes) & set(batch) for wish in wishes)

    def _lacking(self, wish: Wish) -> list[str]:
        present = self.opened.engine.attributes
        return [name for name in wish.attributes if name not in present]
