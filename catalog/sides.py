"""Pictures of one item by their names: `A1.jpg`, `A1_2.jpg`, `A1-back.jpg`, `A1 (3).jpg`, `A1裏.jpg`, `A1/front.jpg`."""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from catalog.assembly import Entry

MOST = 12
"""More pictures of one beginning are a series (`look-01` to `look-40`), not the sides of one item."""
_FIRST = ("front", "main", "cover", "hero", "正面", "前", "表", "メイン")
_OTHERS = (
    *("back", "rear", "side", "left", "right", "top", "bottom", "inside", "detail", "details", "closeup", "close-up"),
    *("zoom", "alt", "flat", "model", "worn", "label", "tag", "swatch"),
    *("背面", "後ろ", "後", "裏", "横", "側面", "左", "右", "詳細", "アップ", "着用", "タグ"),
)
_WORDS = "|".join(sorted((*_FIRST, *_OTHERS), key=len, reverse=True))
_SIDE = re.compile(
    rf"^(?P<base>.*?[^\s_\-.])(\s*\((?P<number>\d{{1,2}})\)|[\s_\-.]+(?P<count>\d{{1,2}})|"
    rf"([\s_\-.]+|(?<=[^a-z])(?=[^\x00-\x7f]))(?P<word>{_WORDS})(?P<which>[\s_\-.]?\d)?)$",
    re.IGNORECASE,
)


def side_of(path: str) -> tuple[str, int, bool]:
    """What a path has in common with other pictures of its item, its place among them, and whether its name says so."""
    pure = PurePosixPath(path)
    if (alone := pure.stem.lower()) in (*_FIRST, *_OTHERS) and pure.parent.name:
        return str(pure.parent).casefold(), 1 if alone in _FIRST else 50, True
    found = _SIDE.match(pure.stem)
    if found is None:
        return str(pure.with_suffix("")).casefold(), 0, False
    word = (found["word"] or "").lower()
    place = int(found["number"] or found["count"] or 0) if not word else 1 if word in _FIRST else 50
    return str(pure.parent / found["base"]).casefold(), place, True


def together(paths: Iterable[str]) -> dict[str, list[str]]:
    """The pictures of each item that has several by their names, the front first."""
    groups: dict[str, list[tuple[int, str, bool]]] = {}
    for path in paths:
        key, place, told = side_of(path)
        groups.setdefault(key, []).append((place, path, told))
    return {
        key: [path for _, path, _ in sorted(group)]
        for key, group in groups.items()
        if 1 < len(group) <= MOST and sum(told for *_, told in group) >= len(group) - 1
    }


def by_sides(entries: Sequence[Entry], unused: Sequence[str]) -> list[str]:
    """The pictures that would be further ones of an entry's: those of other entries, and those that no row names."""
    return [path for group in _groups(entries, unused) for path in group[1:]]


def join_sides(entries: list[Entry], unused: Sequence[str]) -> list[Entry]:
    """Entries of pictures of one item made one, with the pictures that no row names; the front's entry first."""
    groups = _groups(entries, unused)
    named = {entry.image for entry in entries}
    place = {path: (number, rank) for number, group in enumerate(groups) for rank, path in enumerate(group)}
    first: dict[int, int] = {}
    order = []
    for row, entry in enumerate(entries):
        number, rank = place.get(entry.image, (-1, 0))
        if number >= 0:
            entry.groups += (f"side {number}",)
            if number not in first:
                entry.pictures += tuple(path for path in groups[number] if path not in named)
        order.append((first.setdefault(number, row) if number >= 0 else row, rank, row))
    return [entries[row] for _, _, row in sorted(order)]


def _groups(entries: Sequence[Entry], unused: Sequence[str]) -> list[list[str]]:
    named = dict.fromkeys(entry.image for entry in entries)
    taken = {picture for entry in entries for picture in entry.pictures[1:]}
    groups = together([path for path in (*named, *unused) if path not in taken]).values()
    return [group for group in groups if any(path in named for path in group)]
