"""What the page asks when it opens, and what it offers to ask: made by rule from the labels of a catalog."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import combinations
from weakref import WeakKeyDictionary

from catalog import Catalog
from common.names import name_key
from library import Opened, Typical, typical_items
from retrieval import NOT_WEIGHT, Query, SearchEngine, Term, ValueSource
from ui.address_query import address_text
from ui.asked import Asked, AskedTerm, Picture, like
from ui.names import INVISIBLE, attribute_name, labelled
from ui.searching import pickable
from ui.turning import Step
from ui.words import word

ENOUGH = 12
"""Items that a value should have to make an example: what is shown of it at first."""
TRIED = 4
"""Values that are tried as an example."""


@dataclass(frozen=True)
class Example:
    """A query with a title in the language of the page. items: those whose pictures stand for it."""

    title: str
    asked: Asked
    items: tuple[str, ...] = ()


_State = tuple[Catalog, int, list[str]]
_made: "WeakKeyDictionary[SearchEngine, tuple[_State, dict[str, list[Example]]]]" = WeakKeyDictionary()


def examples(opened: Opened, lang: str) -> list[Example]:
    """The query that the page opens with, then up to three more: a value alone, a composition of two items, and something
    with "not". Fewer where the catalog has too little for them; none where no item can be read. Remembered until the catalog
    changes."""
    engine = opened.engine
    state = engine.catalog, engine.pending, engine.attributes
    before = _made.get(engine)
    if before is None or before[0] != state:
        before = _made[engine] = state, {}
    if lang not in before[1]:
        before[1][lang] = _examples(opened, lang)
    return before[1][lang]


def _examples(opened: Opened, lang: str) -> list[Example]:
    item, attribute = opened.example()
    if item is None:
        return []
    maker = _Maker(opened, lang)
    if maker.ready and attribute not in maker.ready:
        attribute = maker.ready[0]
    title = maker.say("example_like", name=maker.name(attribute))
    first = Example(title, Asked(like(Picture(item.id), {attribute: 1.0})), (item.id,))
    found = [first, maker.value(attribute), maker.composed(), maker.without(item.id, attribute)]
    return [example for example in found if example is not None]


def example_buttons(opened: Opened, found: Sequence[Example], lang: str) -> str:
    """A button for each example that asks it, and nothing without any."""
    if not found:
        return ""
    buttons = []
    for number, example in enumerate(found):
        items = [opened.catalog.item(id) for id in example.items]
        pictures = "".join(
            f'<img src="{escape(url)}" alt="" width="28" height="28" loading="lazy">'
            for url in opened.thumbnails.urls(items)
        )
        buttons.append(
            f'<button type="button" data-act="query" data-address="{escape(address_text(Step(example.asked, example.asked.picture)))}"'
            f' data-key="example-{number}">{pictures}<span>{escape(example.title)}</span></button>'
        )
    said = escape(word("examples", lang))
    return f'<div class="lapel-examples" role="group" aria-label="{said}"><p class="caption">{said}</p>{"".join(buttons)}</div>'


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]


class _Maker:
    """Makes examples from what is labelled and can be asked at once."""

    def __init__(self, opened: Opened, lang: str) -> None:
        self.opened, self.lang = opened, lang
        self.readable = opened.readable
        self.ready = [name for name in [*opened.labelled, *opened.unlabelled] if name in opened.engine.attributes]
        self.values = {name: values for name in opened.labelled if len(values := self._values(name)) > 1}

    def _values(self, attribute: str) -> list[Typical]:
        return [own for own in typical_items(self.opened, attribute) if own.count and name_key(own.value) != INVISIBLE]

    def name(self, attribute: str) -> str:
        return attribute_name(attribute, self.lang, self.ready)

    def say(self, key: str, **values: str) -> str:
        return _capital(word(key, self.lang, **values))

    def value(self, attribute: str) -> Example | None:
        """A rare value that has enough items and is found well, of the attribute that shows well or else of the first one that
        has values."""
        name = attribute if attribute in self.values else next(iter(self.values), None)
        if name is None:
            return None
        values = self.values[name]
        enough = sorted((own for own in values if own.count >= ENOUGH), key=lambda one: one.count)
        own = max(enough[:TRIED] or values, key=lambda one: self._found(name, one.value) if enough else one.count)
        title = _capital(labelled(name, own.value, self.lang, tuple(one.value for one in values)))
        return Example(title, Asked((AskedTerm(name, own.value),)), (own.item,))

    def _found(self, attribute: str, value: str) -> int:
        """How many of the first hits for a value are labelled with it."""
        hits = self.opened.engine.search(Query((Term(attribute, ValueSource(value)),)), ENOUGH)
        return sum(self.opened.catalog.item(hit.id).labels.get(attribute) == value for hit in hits)

    def composed(self) -> Example | None:
        """One attribute of one item, another of another: two values that many items have together, each by an item that has
        not the other. Without labels two items that are far apart in the catalog."""
        pair = self._often_together() or ((*self.ready, "", "")[:2] if len(self.ready) > 1 else None)
        if pair is None or len(self.readable) < 3:
            return None
        items = self._apart(*pair) if pair[0] in self.values and pair[1] in self.values else self._any_two()
        if items is None:
            return None
        terms = tuple(AskedTerm(name, Picture(id)) for name, id in zip(pair, items, strict=True))
        title = self.say("example_both", first=self.name(pair[0]), second=self.name(pair[1]))
        return Example(title, Asked(terms), items)

    def without(self, item: str, attribute: str) -> Example | None:
        """One attribute like that of an item, and another one not: of those that are labelled beside it, the one with most
        values."""
        others = [name for name in self.ready if name != attribute]
        if not others or attribute not in self.ready or len(self.readable) < 2:
            return None
        labels = self.opened.catalog.item(item).labels
        other = max(others, key=lambda name: (name in labels, len(self.values.get(name, ()))))
        terms = (AskedTerm(attribute, Picture(item)), AskedTerm(other, Picture(item), -NOT_WEIGHT))
        title = self.say("example_not", first=self.name(attribute), second=self.name(other))
        return Example(title, Asked(terms), (item,))

    def _often_together(self) -> tuple[str, str] | None:
        """The two attributes with the most pairs of values, of those that items are labelled with together at least half as
        often as any two are."""
        counts = Counter(
            pair
            for item in self.readable
            for pair in combinations([name for name in self.values if name in item.labels], 2)
        )
        often = [pair for pair, count in counts.items() if 2 * count >= max(counts.values())]
        return max(often, key=lambda pair: (self._pairs(*pair), counts[pair]), default=None)

    def _pairs(self, first: str, second: str) -> int:
        return len(self.values[first]) * len(self.values[second])

    def _apart(self, first: str, second: str) -> tuple[str, str] | None:
        shown = [{own.value: own.item for own in self.values[name]} for name in (first, second)]
        together = Counter(
            (item.labels[first], item.labels[second])
            for item in self.readable
            if first in item.labels and second in item.labels
        )
        for (one, other), _ in together.most_common():
            if one not in shown[0] or other not in shown[1]:
                continue
            this, that = (self.opened.catalog.item(id) for id in (shown[0][one], shown[1][other]))
            if this.labels.get(second, other) != other and that.labels.get(first, one) != one:
                return this.id, that.id
        return None

    def _any_two(self) -> tuple[str, str] | None:
        picked = [item.id for item in pickable(self.opened, 0, 2)]
        return (picked[0], picked[1]) if len(picked) == 2 else None
