"""What a catalog of the stated size costs to run on each machine of the price list."""

from dataclasses import dataclass

from eval import Interval, machines_needed
from library.poc.at_size import memory, on_disk, search_seconds, searches_a_second
from library.poc.prices import Machine, Prices
from library.poc.sheet import Assumptions, Running
from retrieval import Tuning

TWO_CORES = 2
GPU_OVER = 10.0
"""How many times as fast as two cores a graphics card is taken to be, where the rate was measured on one."""
DAYS = 30.4


@dataclass(frozen=True)
class Cost:
    """One machine of the list; ranges from its assumed speed. hours: to embed the stated items once; daily_minutes: the new items of
    a day; search_seconds: one search; machines: for the stated searches a second. once, monthly: money in the stated
    currency. gigabytes: on the disk; memory: in memory, in gigabytes; fits: whether it has as much."""

    id: str
    name: str
    hours: Interval
    daily_minutes: Interval
    search_seconds: Interval
    machines: Interval
    once: Interval
    monthly: Interval
    gigabytes: float
    memory: float
    fits: bool
    note: str
    note_ja: str
    source: str
    stated: str


def bytes_an_item(running: Running, items: float | None = None) -> float:
    """What Lapel adds to an item on the disk, pictures not counted. items: in a catalog of so many, which may have indexes that
    the measured one does not need; None: in the measured one."""
    beside = running.thumbnails + running.records
    found = (running.vectors + running.indexes + beside) / max(1, running.items)
    if running.scaled is None or items is None:
        return found
    return max(found, on_disk(running.scaled, items) / items + beside / max(1, running.items))


def memory_bytes(running: Running, items: float) -> float:
    """Bytes of memory for a catalog of so many items, beside what the program itself takes; where it was not measured, as if all
    raw vectors were read into it."""
    if running.scaled is None:
        return running.vectors / max(1, running.items) * items
    return memory(running.scaled, items)


def costs(running: Running, stated: Assumptions, prices: Prices) -> tuple[Cost, ...]:
    """A row for each machine of the list, in its order."""
    return tuple(_cost(row, running, stated, prices.hours_a_month) for row in prices.rows)


def two_core_rate(running: Running) -> float:
    """Pictures a second of two cores, from what was measured here."""
    if running.device.startswith("cuda"):
        return running.images_per_second / GPU_OVER
    return running.images_per_second * TWO_CORES / max(1, running.cores)


def _cost(row: Machine, running: Running, stated: Assumptions, hours_a_month: float) -> Cost:
    slow, fast = (two_core_rate(running) * speed for speed in row.speed)
    hours = _range(stated.items / fast / 3600, stated.items / slow / 3600)
    daily = _range(stated.new_items / fast / 60, stated.new_items / slow / 60)
    search = _search_seconds(running, stated, row.speed)
    busy = _busy_seconds(running, stated, row, search)
    machines = _range(*(machines_needed(stated.searches_a_second, one) for one in (busy.low, busy.high)))
    gigabytes = bytes_an_item(running, stated.items) * stated.items / 1e9
    disk = gigabytes * stated.storage
    monthly = Interval(
        *(
            (number * row.hourly * hours_a_month + row.monthly + disk) * stated.per_dollar
            for number in (machines.mean, machines.low, machines.high)
        )
    )
    once = _range(*(each * row.hourly * stated.per_dollar for each in (hours.low, hours.high)))
    needed = memory_bytes(running, stated.items) / 1e9
    return Cost(
        row.id,
        row.name,
        hours,
        daily,
        search,
        machines,
        once,
        monthly,
        gigabytes,
        needed,
        needed < row.memory_gb,
        row.note,
        row.note_ja,
        row.source,
        row.stated,
    )


def _search_seconds(running: Running, stated: Assumptions, speed: tuple[float, float]) -> Interval:
    """A mean search: by an item as long as here at the stated size, by a new picture, which has to be embedded, at the machine's
    speed and never sooner than by an item."""
    least, most = _by_item(running, stated)
    uploads = min(100.0, stated.uploads) / 100
    slow, fast = _by_picture(running, speed)
    low = (1 - uploads) * least + uploads * max(fast, least)
    high = (1 - uploads) * most + uploads * max(slow, most)
    return _range(low, max(low, high))


def _by_item(running: Running, stated: Assumptions) -> tuple[float, float]:
    """Seconds at the stated size. On a sheet without other sizes as long as in the measured catalog at the least, and
    longer in proportion to the items that are scanned at the most."""
    if running.scaled is not None:
        return (search_seconds(running.scaled, stated.items),) * 2
    larger = max(1.0, min(stated.items, Tuning().exact_below) / max(1, running.items))
    return running.search_seconds, running.search_seconds * larger


def _by_picture(running: Running, speed: tuple[float, float]) -> tuple[float, float]:
    """Seconds of a search by a new picture, the longest and the shortest."""
    here = running.cores / TWO_CORES if not running.device.startswith("cuda") else GPU_OVER
    slow, fast = (running.upload_seconds * here / one for one in speed)
    return slow, fast


def _busy_seconds(running: Running, stated: Assumptions, row: Machine, search: Interval) -> Interval:
    """Seconds of a machine that a mean search takes when several ask at once, the fewest and the most: of searches by item the
    measured machine answers so many a second, and one with more or fewer cores between as many and as many more."""
    if running.scaled is None:
        return search
    each = 1 / searches_a_second(running.scaled, stated.items)
    cores = row.cores / max(1, running.cores)
    uploads = min(100.0, stated.uploads) / 100
    slow, fast = _by_picture(running, row.speed)
    low = (1 - uploads) * each / max(1.0, cores) + uploads * fast
    return _range(low, (1 - uploads) * each / min(1.0, cores) + uploads * slow)


def _range(low: float, high: float) -> Interval:
    return Interval((low + high) / 2, low, high)
