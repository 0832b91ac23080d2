"""Which attributes are colours, by their names."""

import re
from collections.abc import Iterable, Sequence

from common.names import name_key
from training.errors import TrainingError

AUTO = "auto"
"""Instead of names: those that `colours_by_name` finds."""

WITHIN = ("color", "colour", "farbe", "couleur", "kleur", "цвет", "カラー", "颜色", "顏色", "色彩", "색상", "컬러")
"""Words for colour that a name holds somewhere: `base colour`, `Hauptfarbe`, `メインカラー`."""
_WHOLE = """
farben colore colori cor cores färg farve farge väri värv kolor barva barvy farba szín renk culoare boja krāsa spalva
колір колер боја χρώμα لون اللون رنگ रंग สี màu warna kulay צבע 色 色名 색 いろ 色調 色合い 色味
"""
WHOLE = frozenset(_WHOLE.split())
"""Words that are a name, or one of its words, alone: inside of others they mean something else."""
ENDINGS = ("色",)
"""What names without blanks end in: `主色`, `表地色`."""
NOT_COLOURS = ("特色", "景色", "角色", "出色", "音色")
"""Words that end so and are none."""


def colours_by_name(attributes: Iterable[str]) -> list[str]:
    """The attributes whose name says colour in one of several languages; case, blanks, `_` and
    `-` do not matter."""
    return [name for name in attributes if _says_colour(name)]


def chosen_colours(asked: Sequence[str], attributes: Iterable[str]) -> list[str]:
    """The attributes that a plan names as colours, or that `AUTO` finds; TrainingError for one
    that is not there."""
    names = list(attributes)
    if tuple(asked) == (AUTO,):
        return colours_by_name(names)
    by_key = {name_key(name): name for name in names}
    for name in asked:
        if name_key(name) not in by_key:
            raise TrainingError(f"--color-attributes: there is no attribute '{name}'; there are: {', '.join(names)}")
    return [name for name in names if name_key(name) in {name_key(one) for one in asked}]


def _says_colour(name: str) -> bool:
    key = name_key(name)
    words = re.split(r"[\s/()・,.:]+", key)
    if any(word in key for word in WITHIN) or any(word in WHOLE for word in words):
        return True
    return any(word.endswith(ENDINGS) and not word.endswith(NOT_COLOURS) for word in words)
