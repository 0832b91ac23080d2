"""What a search can be narrowed by, as it stands now: the values of each column with how many items each would leave.

A count is of the items that the other columns let through, so that it says what choosing the value adds or leaves. What
is chosen stands on top. Columns that say nothing of a garment, such as the split, are shown on demand.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from weakref import WeakKeyDictionary

from catalog import Columns
from common.names import name_key
from library import Opened
from ui.facet_counts import Live
from ui.facet_groups import Group, grouped
from ui.names import attribute_name, value_name
from ui.narrowing import Narrowing, narrowing, numbers_of
from ui.ranges import Range, range_text
from ui.words import word

Filters = Mapping[str, Sequence[str]]
TECHNICAL = {
    "split",
    "fold",
    "subset",
    "mask",
    "file",
    "path",
    "image",
    "source",
    "url",
    "sku",
    "id",
    "group",
    "digest",
}
"""Columns that say nothing of a garment (`name_key`)."""
FEW = 8
"""Values of a column that are shown at once."""

_narrowings: WeakKeyDictionary[Opened, tuple[Columns, Narrowing, dict[str, list[Group]]]] = WeakKeyDictionary()


def filtered(filters: Filters, column: str, value: str | Sequence[str], on: bool) -> dict[str, list[str]]:
    """Filters with a value of a column, or several, chosen or no longer; a column without any is left out."""
    values = [value] if isinstance(value, str) else list(value)
    found = {name: list(accepted) for name, accepted in filters.items()}
    kept = [one for one in found.pop(column, []) if one not in values]
    new = [*kept, *dict.fromkeys(values)] if on else kept
    return {**found, **({column: new} if new else {})}


def pressed(filters: Filters, data: Mapping[str, object]) -> dict[str, list[str]]:
    """Filters after an act of the page: `filter` {column, value or values, on}, `filters` {column, values} for the column's
    values instead of others, `clear_filters`. Lists may be JSON texts, and `on` may be "true"."""
    name, column = data.get("act"), str(data.get("column", ""))
    if name == "clear_filters":
        return {}
    values = _listed(data["values"]) if "values" in data else [str(data.get("value", ""))]
    if name == "filters":
        cleared = {one: list(accepted) for one, accepted in filters.items() if one != column}
        return filtered(cleared, column, values, True)
    return filtered(filters, column, values, data.get("on") in (True, "true"))


def _listed(told: object) -> list[str]:
    """A list of values, or a JSON text of one; none where it is neither."""
    try:
        listed = json.loads(told) if isinstance(told, str) else told
    except ValueError:
        return []
    return [str(one) for one in listed] if isinstance(listed, list | tuple) else []


def facets(opened: Opened, filters: Filters, lang: str, technical: bool = False) -> str:
    """HTML of all columns to choose from; '' where there are none. technical: whether those that say nothing of a garment are
    shown from the start."""
    columns, found, groups = _found(opened)
    live = Live(columns, opened.engine.readable, filters)
    names = list(dict.fromkeys([*(one.column for one in found.ranges), *(name for name, _ in found.values)]))
    names.sort(key=columns.catalog.columns.index)
    drawn = [_Facet(name, live, found, groups.get(name, []), lang) for name in names]
    plain = [one for one in drawn if name_key(one.name) not in TECHNICAL]
    others = [one for one in drawn if name_key(one.name) in TECHNICAL]
    if not drawn:
        return ""
    return (
        f'<section class="lapel-facets" aria-labelledby="lapel-facets-title">{_head(filters, lang)}{_ids(live, lang)}'
        f"{''.join(one.html() for one in plain)}"
        f"{_technical(others, technical, lang)}{_unlisted(found, lang)}</details></section>"
    )


def _found(opened: Opened) -> tuple[Columns, Narrowing, dict[str, list[Group]]]:
    """What can be chosen of the catalog as it is now, found out once."""
    columns = opened.columns
    known = _narrowings.get(opened)
    if known is None or known[0] is not columns:
        found = narrowing(columns)
        ranged = {one.column for one in found.ranges}
        names = [name for name in dict.fromkeys(name for name, _ in found.values) if name not in ranged]
        known = _narrowings[opened] = columns, found, grouped(columns, names)
    return known


@dataclass
class _Facet:
    """One column."""

    name: str
    live: Live
    found: Narrowing
    groups: Sequence[Group]
    lang: str

    def __post_init__(self) -> None:
        self.counts = self.live.counts(self.name)
        self.chosen = set(self.live.chosen(self.name))
        self.values = [value for name, value in self.found.values if name == self.name]
        self.among = tuple(self.values)
        self.ranges = [one for one in self.found.ranges if one.column == self.name]
        self.columns = self.found.columns

    def html(self) -> str:
        rows = self._grouped() if self.groups else self._flat()
        title = escape(attribute_name(self.name, self.lang, self.columns))
        told = escape(word("facet_chosen", self.lang, count=len(self.chosen))) if self.chosen else ""
        said = f' <small class="chosen">{told}</small>' if told else ""
        key = escape(f"facet-{self.name}")
        return (
            f'<details class="lapel-facet" data-key="{key}"{" open" if self.chosen else ""}>'
            f"<summary>{title}{said}</summary>{rows}</details>"
        )

    def _flat(self) -> str:
        """Ranges, then what is chosen, then the values; what is beyond the first few is shown on demand."""
        ranges = [self._range(one) for one in self.ranges]
        whole = {value for one in self.ranges if (inside := self._inside(one)) <= self.chosen for value in inside}
        listed = [*self.values, *([""] if self.counts.get("") or "" in self.chosen else [])]
        top = [value for value in listed if value in self.chosen - whole]
        rest = [value for value in self._ordered(listed) if value not in self.chosen - whole]
        rows = [*ranges, *map(self._row, [*top, *rest])]
        shown = max(FEW, len(ranges) + len(top))
        return self._list(rows, shown if len(rows) > shown + 1 else len(rows))

    def _ordered(self, values: Sequence[str]) -> list[str]:
        """Numbers by size, as they come; others by how many items of the whole catalog have them. Blank comes last."""
        if self.ranges or len(numbers_of(self.values)) == len(self.values):
            return list(values)
        counted = self.live.columns.counts(self.name)
        return sorted(values, key=lambda value: (value == "", -counted[value]))

    def _grouped(self) -> str:
        """Groups of values, each with a button for the whole of it."""
        drawn = []
        for group in self.groups:
            count = sum(self.counts.get(value, 0) for value in group.values)
            picked = [value for value in group.values if value in self.chosen]
            state = "true" if len(picked) == len(group.values) else "mixed" if picked else "false"
            values = json.dumps(list(group.values), ensure_ascii=False)
            text = value_name(group.name, self.lang, tuple(one.name for one in self.groups))
            head = self._button(text, count, f' data-values="{escape(values)}"', state, f"group-{group.name}")
            rows = [self._row(value, group.rest(value)) for value in self._ordered(group.values)]
            key = escape(f"facet-{self.name}-{group.name}")
            inside = f"<ul>{''.join(f'<li>{row}</li>' for row in rows)}</ul>"
            drawn.append(
                f'<li class="group">{head}<details data-key="{key}"{" open" if picked else ""}>'
                f'<summary aria-label="{escape(text)}"></summary>{inside}</details></li>'
            )
        return f'<ul class="tree">{"".join(drawn)}</ul>'

    def _list(self, rows: Sequence[str], shown: int) -> str:
        lines = "".join(f"<li{' class=rest' if place >= shown else ''}>{row}</li>" for place, row in enumerate(rows))
        if shown >= len(rows):
            return f"<ul>{lines}</ul>"
        more, few = escape(word("facet_all", self.lang, count=len(rows))), escape(word("facet_few", self.lang))
        key = escape(f"all-{self.name}")
        texts = f'data-more="{more}" data-few="{few}"'
        toggle = f'<button type="button" class="all" data-all="{key}" {texts} aria-expanded="false">{more}</button>'
        return f"<ul>{lines}</ul>{toggle}"

    def _range(self, one: Range) -> str:
        inside = self._inside(one)
        count = sum(self.counts.get(value, 0) for value in inside)
        values = escape(json.dumps(sorted(inside), ensure_ascii=False))
        state = "true" if inside <= self.chosen else "mixed" if inside & self.chosen else "false"
        return self._button(range_text(one, self.lang), count, f' data-values="{values}"', state, f"range-{one.low}")

    def _inside(self, one: Range) -> set[str]:
        return {value for value, number in self._numbers.items() if number in one}

    @property
    def _numbers(self) -> dict[str, float]:
        if not hasattr(self, "_read"):
            self._read = numbers_of(self.live.columns.counts(self.name))
        return self._read

    def _row(self, value: str, text: str = "") -> str:
        shown = value_name(text or value, self.lang, self.among) if value else word("facet_blank", self.lang)
        state = str(value in self.chosen).lower()
        return self._button(shown, self.counts.get(value, 0), f' data-value="{escape(value)}"', state, f"value-{value}")

    def _button(self, text: str, count: int, data: str, state: str, key: str) -> str:
        on = "false" if state == "true" else "true"
        none = "" if count or state != "false" else ' class="none"'
        return (
            f'<button type="button" data-act="filter" data-column="{escape(self.name)}"{data} data-on="{on}"{none}'
            f' aria-pressed="{state}" data-key="{escape(f"{self.name}-{key}")}"><span>{escape(text)}</span>'
            f"<small>{count:,}</small></button>"
        )


def _head(filters: Filters, lang: str) -> str:
    find, none = escape(word("facets_find", lang)), escape(word("facets_none", lang))
    said = escape(word("facets_found", lang, count="{count}"))
    clear = ""
    if any(filters.values()):
        text = escape(word("clear_filters", lang))
        clear = f'<button type="button" class="clear" data-act="clear_filters" data-key="clear-filters">{text}</button>'
    count = sum(len(values) > 0 for values in filters.values())
    told = f"<small>{escape(word('facet_chosen', lang, count=count))}</small>" if count else ""
    return (
        f'<details data-key="facets" open><summary><h2 id="lapel-facets-title">{escape(word("facets", lang))}</h2>{told}</summary>'
        f'<input type="search" data-find data-key="facets-find" aria-label="{find}" placeholder="{find}">'
        f'<p class="found" role="status" data-said="{said}" data-none="{none}"></p>{clear}'
    )


def _ids(live: Live, lang: str) -> str:
    """The items that a set, or a choice of them, narrows the search to."""
    ids = live.chosen("id")
    if not ids or "id" in live.columns.catalog.columns:
        return ""
    text = f"{word('facet_ids', lang)}{'：' if lang == 'ja' else ': '}{word('facet_ids_count', lang, count=len(ids))}"
    drop = escape(word("facet_drop", lang))
    return (
        f'<p class="ids"><span>{escape(text)}</span><button type="button" data-act="filters" data-column="id"'
        f' data-values="[]" data-key="drop-ids">{drop}</button></p>'
    )


def _technical(others: Sequence[_Facet], shown: bool, lang: str) -> str:
    """Columns behind a switch; what something is chosen of is shown in any case."""
    if not others:
        return ""
    shown = shown or any(one.chosen for one in others)
    inside = "".join(one.html() for one in others)
    return (
        f'<button type="button" role="switch" class="switch" data-technical data-key="technical" aria-checked="{str(shown).lower()}">'
        f'{escape(word("facets_technical", lang))}</button><div class="technical"{"" if shown else " hidden"}>{inside}</div>'
    )


def _unlisted(found: Narrowing, lang: str) -> str:
    said = found.unlisted_line(lang)
    return f'<p class="unlisted">{escape(said)}</p>' if said else ""
