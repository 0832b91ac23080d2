"""Which word is said for the chance that a value is shared."""

from collections.abc import Mapping
from dataclasses import replace

from library import Opened
from model import AT_LEAST, Level, level
from ui.searching import Answer


def base_rate(opened: Opened, name: str) -> float:
    """How often any two pictures share the value of an attribute that was taught; 0 for those that the weights know, whose
    levels are measured as they are."""
    reading = opened.embedder.readings.get(name)
    return max(reading.match.shares) if reading is not None and reading.match is not None else 0.0


def level_of(opened: Opened, name: str, chance: float) -> Level:
    """The level of one attribute's chance."""
    return level(chance, base_rate(opened, name))


def least_level(opened: Opened, chances: Mapping[str, float]) -> Level:
    """The lowest level among those of several attributes, at least one."""
    order = list(Level)
    return max((level_of(opened, name, chance) for name, chance in chances.items()), key=order.index)


def cut_off(found: Answer) -> Answer:
    """What was found without the hits whose word is below the one that was asked for."""
    least = found.asked.least
    wanted = next((one for one, chance in AT_LEAST.items() if chance == least), None)
    if wanted is None or wanted is Level.UNLIKELY:
        return found
    order = list(Level)
    kept = [
        hit
        for hit in found.hits
        if not hit.chances or order.index(least_level(found.opened, hit.chances)) <= order.index(wanted)
    ]
    return replace(found, hits=tuple(kept))
