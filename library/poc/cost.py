"""What a catalog of the stated size costs to run on each machine of the price list."""

from dataclasses import dataclass

from eval import Interval, machines_needed
from library.poc.prices import Machine, Prices
from library.poc.sheet import Assumptions, Running

TWO_CORES = 2
GPU_OVER = 10.0
"""How many times as fast as two cores a graphics card is taken to be, where the rate was measured on one."""
SCANNED = 50_000
"""Items up to which all are compared; of more, indexes find candidates, so that a search takes hardly longer."""
DAYS = 30.4


@dataclass(frozen=True)
class Cost:
    """One machine of the list; ranges from its assumed speed. hours: to embed the stated items once; daily_minutes: the new items of
    a day; search_seconds: one search; machines: for the stated searches a second. once, monthly: money in the stated
    currency. gigabytes: on the disk; fits: whether they fit into its memory."""

    id: str
    name: str
    hours: Interval
    daily_minutes: Interval
    search_seconds: Interval
    machines: Interval
    once: Interval
    monthly: Interval
    gigabytes: float
    fits: bool
    note: str
    note_ja: str
    source: str
    stated: str


def bytes_an_item(running: Running) -> float:
    """What Lapel adds to an item on the disk, pictures not counted."""
    return (running.vectors + running.indexes + running.thumbnails + running.records) / max(1, running.items)


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
    machines = _range(*(machines_needed(stated.searches_a_second, one) for one in (search.low, search.high)))
    gigabytes = bytes_an_item(running) * stated.items / 1e9
    disk = gigabytes * stated.storage
    monthly = Interval(
        *(
            (number * row.hourly * hours_a_month + row.monthly + disk) * stated.per_dollar
            for number in (machines.mean, machines.low, machines.high)
        )
    )
    once = _range(*(each * row.hourly * stated.per_dollar for each in (hours.low, hours.high)))
    memory = running.vectors / max(1, running.items) * stated.items / 1e9
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
        memory < row.memory_gb,
        row.note,
        row.note_ja,
        row.source,
        row.stated,
    )


def _search_seconds(running: Running, stated: Assumptions, speed: tuple[float, float]) -> Interval:
    """A mean search: by an item where it takes as long as here, or longer in proportion to the items that are
    compared; by a new picture, which has to be embedded, at the machine's speed."""
    larger = max(1.0, min(stated.items, SCANNED) / max(1, running.items))
    uploads = min(100.0, stated.uploads) / 100
    here = running.cores / TWO_CORES if not running.device.startswith("cuda") else GPU_OVER
    slow, fast = (running.upload_seconds * here / one for one in speed)
    low = (1 - uploads) * running.search_seconds + uploads * fast
    high = (1 - uploads) * running.search_seconds * larger + uploads * max(slow, running.search_seconds * larger)
    return _range(low, max(low, high))


def _range(low: float, high: float) -> Interval:
    return Interval((low + high) / 2, low, high)
