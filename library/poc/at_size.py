"""What was measured at a few sizes, carried over to another one."""

from collections.abc import Sequence
from math import log

from library.poc.sheet import Scaled, SearchAt


def search_seconds(scaled: Scaled, items: float) -> float:
    """Seconds of a search by an item among so many.

    A scan takes time in proportion: between two sizes on the line through them, beyond the last on that of the last two. An index
    takes time as the logarithm of the items does. More items than are scanned, where no index was timed: as long
    as the largest scan.
    """
    scans, indexed = ([one for one in scaled.sizes if one.way == way] for way in ("scan", "index"))
    if items > scaled.exact_below and indexed:
        return _by_index(indexed, items)
    return _by_scan(scans, min(items, scaled.exact_below)) if scans else indexed[0].seconds


def searches_a_second(scaled: Scaled, items: float) -> float:
    """What the measured machine answers of several clients at once: as much less than at the size that this was measured at as a
    search takes longer."""
    last = scaled.sizes[-1]
    return scaled.together * last.seconds / max(search_seconds(scaled, items), 1e-9)


def is_measured(scaled: Scaled, items: float) -> bool:
    """Whether sizes on both sides of this one were timed, by the way that answers there."""
    way = "scan" if items <= scaled.exact_below else "index"
    there = [one.items for one in scaled.sizes if one.way == way]
    return bool(there) and min(there) <= items <= max(there)


def memory(scaled: Scaled, items: float) -> float:
    """Bytes in memory: what is compared, and above the size that is scanned sketches and indexes. Raw vectors stay on the disk."""
    each = scaled.derived + (scaled.sketch + scaled.index if items > scaled.exact_below else 0)
    return each * scaled.attributes * items


def on_disk(scaled: Scaled, items: float) -> float:
    """Bytes of vectors in files, with indexes above the size that is scanned."""
    each = scaled.raw + scaled.derived + (scaled.index if items > scaled.exact_below else 0)
    return (each * scaled.attributes + scaled.shared) * items


def _by_scan(sizes: Sequence[SearchAt], items: float) -> float:
    if len(sizes) == 1 or items <= sizes[0].items:
        return sizes[0].seconds * max(1.0, items / sizes[0].items)
    place = next((place for place in range(1, len(sizes)) if items <= sizes[place].items), len(sizes) - 1)
    before, after = sizes[place - 1], sizes[place]
    slope = max(0.0, after.seconds - before.seconds) / (after.items - before.items)
    return before.seconds + slope * (items - before.items)


def _by_index(sizes: Sequence[SearchAt], items: float) -> float:
    first, last = sizes[0], sizes[-1]
    if items <= first.items:
        return first.seconds
    if items >= last.items:
        return last.seconds * log(items) / log(last.items)
    place = next(place for place in range(1, len(sizes)) if items <= sizes[place].items)
    before, after = sizes[place - 1], sizes[place]
    share = log(items / before.items) / log(after.items / before.items)
    return before.seconds + share * (after.seconds - before.seconds)
