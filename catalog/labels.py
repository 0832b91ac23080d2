"""Labels that are not what they seem: spellings of one value, markers for none, several in one cell."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from catalog.notes import Note, few
from catalog.vocabulary import is_doubtful, is_marker
from common.names import name_key

Several = Literal["blank", "first", "commonest"]
KINDS = frozenset(("near-equal", "markers", "several"))
_STRONG = re.compile(r"\s*[;|；｜\n]\s*")
_WEAK = re.compile(r"\s*[,/、，／・+&]\s*|\s+(?:and|und|et|y)\s+")


@dataclass(frozen=True)
class Faults:
    """What is wrong with the labels of one attribute.

    spellings: value → the one that it is a spelling of. markers: values that say that there is none.
    doubtful: those that may say so. several: value → the values that it names. counts: sound value → labels of it,
    all its spellings together.
    """

    spellings: dict[str, str] = field(default_factory=dict)
    markers: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    several: dict[str, tuple[str, ...]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def mend(self, value: str, several: Several = "blank", kinds: Collection[str] = KINDS) -> str:
        """The value as it was meant: a marker is blank, a spelling the common one. kinds: the faults to mend.

        Of several values that are not the same: blank, since which of them is seen nobody knows, or
        the first, or the one that most labels are, where it is asked for.
        """
        if value in self.markers:
            return "" if "markers" in kinds else value
        if value in self.doubtful and "doubtful" in kinds:
            return ""
        if value in self.several:
            return self._one(self.several[value], several) if "several" in kinds else value
        return self.spellings.get(value, value) if "near-equal" in kinds else value

    def _one(self, pieces: Sequence[str], several: Several) -> str:
        if len(set(pieces)) == 1 or several == "first":
            return pieces[0]
        return max(pieces, key=lambda piece: self.counts.get(piece, 0)) if several == "commonest" else ""


def find_faults(labels: Iterable[str], listed: Sequence[str] = ()) -> Faults:
    """The faults of an attribute's labels, blank ones aside. listed: values that are right as they are written."""
    counts = Counter(label for label in labels if label)
    markers = frozenset(value for value in counts if is_marker(value) and value not in listed)
    doubtful = frozenset(value for value in counts if is_doubtful(value) and value not in listed)
    if markers:
        nones = frozenset(value for value in doubtful if value.casefold() == "none")
        markers, doubtful = markers | nones, doubtful - nones
    sound = Counter({value: count for value, count in counts.items() if value not in markers})
    spellings = _spellings(sound, listed)
    several = _several({value: sound[value] for value in sound if value not in listed}, spellings)
    kept = {value: one for value, one in spellings.items() if value not in several and value != one}
    whole: Counter[str] = Counter()
    for value, count in sound.items():
        if value not in several:
            whole[spellings[value]] += count
    return Faults(kept, markers, doubtful, several, dict(whole))


def _spellings(counts: Mapping[str, int], listed: Sequence[str]) -> dict[str, str]:
    """Every value → its common spelling: the listed one, else the most frequent, else that in lower case."""
    groups: dict[str, list[str]] = {}
    for value in (*counts, *listed):
        groups.setdefault(_key(value), []).append(value)

    def better(value: str) -> tuple[bool, int, bool, bool, str]:
        untidy = value != " ".join(value.replace("_", " ").split())
        return value not in listed, -counts.get(value, 0), value != value.lower(), untidy, value

    best = {key: min(values, key=better) for key, values in groups.items()}
    return {value: value if value in listed else best[_key(value)] for value in counts}


def _key(value: str) -> str:
    return name_key(value).rstrip(".") or value


def _several(counts: Mapping[str, int], spellings: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Values that name several → those values.

    Semicolon and bar part values where a piece is a value elsewhere or in another such cell. Comma,
    slash and the like are often part of a name (`3/4`), and part values only where every piece is one.
    """
    strong = {value: pieces for value in counts if len(pieces := _pieces(_STRONG, value)) > 1}
    weak = {value: pieces for value in counts if value not in strong and len(pieces := _pieces(_WEAK, value)) > 1}
    alone = {_key(value): spellings[value] for value in counts if value not in strong}
    shared = Counter(key for pieces in (*strong.values(), *weak.values()) for key in {_key(p) for p in pieces})
    found = {}
    for value, pieces in strong.items():
        keys = [_key(piece) for piece in pieces]
        if len(set(keys)) == 1 or any(key in alone or shared[key] > 1 for key in keys):
            found[value] = tuple(alone.get(_key(piece), piece) for piece in pieces)
    for value, pieces in weak.items():
        keys = [_key(piece) for piece in pieces]
        if any(piece.isdigit() for piece in pieces):
            continue
        if all(key in alone and alone[key] not in weak for key in keys) or (
            all(key in alone or shared[key] > 1 for key in keys) and sum(key in alone for key in keys) * 2 > len(keys)
        ):
            found[value] = tuple(alone.get(_key(piece), piece) for piece in pieces)
    return found


def _pieces(separators: re.Pattern[str], value: str) -> tuple[str, ...]:
    return tuple(piece for piece in separators.split(value.strip("[]{}")) if piece)


def notes_of_faults(attribute: str, faults: Faults) -> list[Note]:
    """What to say of an attribute's faults."""
    groups: dict[str, list[str]] = {}
    for value, one in faults.spellings.items():
        groups.setdefault(one, []).append(value)
    said = {
        "near-equal": [" = ".join((one, *sorted(values))) for one, values in sorted(groups.items())],
        "markers": sorted(faults.markers),
        "doubtful": sorted(faults.doubtful),
        "several": sorted(faults.several),
    }
    return [Note(kind, {"attribute": attribute, "values": few(values)}) for kind, values in said.items() if values]


def one_value(labels: Iterable[str]) -> str:
    """The only value among labels ('' = none); '' where there are none or several."""
    found = set(labels) - {""}
    return next(iter(found)) if len(found) == 1 else ""


def notes_of_values(attribute: str, labels: Sequence[str], splits: Sequence[str | None]) -> list[Note]:
    """What to say of values with a single image, which can be no query.

    labels, splits: one an item, '' and None where there is none. Counted within the split `test`
    where there is one, since that is what is measured; else in the whole catalog.
    """
    if one_value(labels):
        return []
    tested = [label for label, split in zip(labels, splits, strict=True) if split == "test"]
    where = " in the split 'test'" if any(tested) else ""
    counts = Counter(label for label in (tested if where else labels) if label)
    single = sorted(value for value, count in counts.items() if count == 1)
    if not single:
        return []
    return [Note("single-images", {"attribute": attribute, "where": where, "values": few(single, 5)})]
