"""What was measured on a catalog for a proof of concept, and the numbers that are only stated."""

import types
import typing
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from typing import Any

from eval import Interval
from library.errors import LibraryError

SCHEMA = 2
"""Sheets of schema 1 have P@12 over as many places as there are right pictures, where these are fewer than 12."""


@dataclass(frozen=True)
class Score:
    """Percent, over all queries: mean average precision, and right results among the first 12 divided by 12."""

    map: float
    p12: float


@dataclass(frozen=True)
class Against:
    """Points above another method on the same queries, with 95 % intervals."""

    map: Interval
    p12: Interval


@dataclass(frozen=True)
class Gain:
    """One attribute: how well its labelled pictures find each other.

    labels: those that ask, are asked and, but for those of a pair, teach. chance: of a ranking by lot. ceiling: the P@12, in
    percent, that no ranking can pass, since a value with few pictures cannot fill 12 places. similar: global
    similarity. before: the weights as they are, None where they do not know the attribute. after: taught by the
    catalog's labels, each pair of pictures read without either's label; None where that cannot be. before_gain,
    after_gain: over global similarity. taught: after over before.
    """

    attribute: str
    values: int
    labels: int
    queries: int
    chance: Score
    similar: Score
    ceiling: float = 100.0
    before: Score | None = None
    after: Score | None = None
    before_gain: Against | None = None
    after_gain: Against | None = None
    taught: Against | None = None


@dataclass(frozen=True)
class Step:
    """So many labels a value. labels: in all. map, p12: means over the draws, with the range of a single draw (90 %).
    gain: over global similarity on the same queries. behind: points of P@12 behind the best step."""

    n: int
    labels: int
    map: Interval
    p12: Interval
    gain: Against
    behind: Interval


@dataclass(frozen=True)
class Curve:
    """MAP and P@12 over labels a value, on pictures that were not learnt from. least: labels a value that are enough, None where
    that is not decided; `undecided` ones may be. ahead: MAP expected with `more` further labels in all. ceiling: of P@12, percent."""

    attribute: str
    values: int
    draws: int
    queries: int
    steps: tuple[Step, ...]
    similar: Score
    before: Score | None
    least: int | None
    best: int
    undecided: tuple[int, ...]
    more: int
    ahead: Interval | None
    ceiling: float = 100.0


@dataclass(frozen=True)
class PassedOver:
    """An attribute without figures: how many more labels it needs, 0 where labels alone do not help."""

    attribute: str
    labels: int
    more: int


@dataclass(frozen=True)
class SearchAt:
    """The middle search by an item, in seconds, among so many items. way: "scan", or "index" above what is scanned."""

    items: int
    seconds: float
    way: str


@dataclass(frozen=True)
class Scaled:
    """Measured on items resampled from those of a catalog, one attribute asked. sizes: smallest first. exact_below: up to so many
    are scanned. together: searches a second of `clients` clients at once, among the items of the last size. Bytes a
    picture: shared by all of its `attributes`; and for each of them raw, derived, sketch, index."""

    catalog: str
    attributes: int
    sizes: tuple[SearchAt, ...]
    exact_below: int
    clients: int
    together: float
    shared: float
    raw: float
    derived: float
    sketch: float
    index: float
    measured: str


@dataclass(frozen=True)
class Running:
    """Measured on this machine. images_per_second: decoded and embedded, with all that teaching reads. search_seconds: the
    middle search by an item; upload_seconds: by a new picture. Bytes are those of the catalog's files, all items together.
    scaled: None on older sheets."""

    images_per_second: float
    images: int
    search_seconds: float
    searches: int
    upload_seconds: float
    items: int
    vectors: int
    indexes: int
    thumbnails: int
    records: int
    pictures: int
    cores: int
    device: str
    machine: str
    measured: str
    scaled: Scaled | None = None


@dataclass(frozen=True)
class Licence:
    """production: whether the weights may be used in production by what they were trained on; None where nothing is told.
    minutes: what their training took, 0 where that is not told; images: how many they were trained on."""

    weights: str
    digest: str
    production: bool | None
    terms: str
    sources: tuple[tuple[str, str, str], ...] = ()
    minutes: float = 0.0
    images: int = 0


@dataclass(frozen=True)
class Used:
    """What a usage log tells. days: from its first line to its last. seconds: the middle time to the hit that was taken."""

    days: float
    searches: int
    clicks: int
    accepted: int
    seconds: float | None

    @property
    def monthly(self) -> float | None:
        """Searches a month; None under a week."""
        return self.searches / self.days * 30.4 if self.days >= 7 else None


@dataclass(frozen=True)
class Sheet:
    """Everything that was measured. made: UTC. seconds: how long each step took. items: of the catalog; measured: of them
    in what was measured, 0 where an older sheet does not tell. twins: pictures left out that another split has, too."""

    catalog: str
    digest: str
    items: int
    split: str
    made: str
    seed: int
    gains: tuple[Gain, ...]
    curves: tuple[Curve, ...]
    passed_over: tuple[PassedOver, ...]
    running: Running
    licence: Licence
    used: Used | None = None
    twins: int = 0
    trained_on: bool = False
    measured: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    schema: int = SCHEMA

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> "Sheet":
        """LibraryError for what is no sheet, or one of a later schema."""
        try:
            if int(found["schema"]) > SCHEMA:
                raise LibraryError("the PoC sheet was written by a later Lapel; measure again")
            return typing.cast(Sheet, read_as(cls, found))
        except (KeyError, TypeError, ValueError) as error:
            raise LibraryError(f"the PoC sheet is damaged ({error}); measure again") from error


def read_as(kind: Any, found: Any) -> Any:
    """A value of a type from JSON. KeyError, TypeError or ValueError for what is none."""
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        return None if found is None else read_as(next(one for one in arguments if one is not type(None)), found)
    if typing.get_origin(kind) is tuple:
        if arguments[-1] is ...:
            return tuple(read_as(arguments[0], one) for one in found)
        return tuple(read_as(one, value) for one, value in zip(arguments, found, strict=True))
    if is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        given = {one.name: read_as(hints[one.name], found[one.name]) for one in fields(kind) if one.name in found}
        return typing.cast(Any, kind)(**given)
    return found


@dataclass(frozen=True)
class Assumptions:
    """What nobody has measured: stated, each may be changed. Money is in `currency`, of which `per_dollar` make a US dollar.

    minutes_a_label, wage: of who labels and searches, an hour. items, new_items: in the catalog, and each day.
    searches_a_second: at the busiest; uploads: percent of them by a new picture. searches: a month. manual_minutes: a
    search as it is done today; query_seconds: to pose one here; wanted: right pictures that end one; seconds_a_picture:
    to look at a hit. conversion: orders for 1,000 right pictures more among the first 12; margin: of an order.
    retrain_labels, retrain_hours: to train weights on own images, hours of a T4. storage: dollars a GB and
    month. months: within which it has to pay. hardware: a row of the prices.
    """

    currency: str = "USD"
    per_dollar: float = 1.0
    minutes_a_label: float = 0.15
    wage: float = 25.0
    items: float = 50_000.0
    new_items: float = 200.0
    searches_a_second: float = 1.0
    uploads: float = 20.0
    searches: float = 5_000.0
    manual_minutes: float = 3.0
    query_seconds: float = 20.0
    wanted: float = 3.0
    seconds_a_picture: float = 1.5
    conversion: float = 0.1
    margin: float = 0.0
    retrain_labels: float = 5_000.0
    retrain_hours: float = 4.0
    storage: float = 0.02
    months: float = 12.0
    hardware: str = "cpu-upgrade"

    def with_text(self, pairs: typing.Iterable[str]) -> "Assumptions":
        """With `key=value` pairs; LibraryError for an unknown key or a value that is none."""
        changes: dict[str, Any] = {}
        for pair in pairs:
            key, _, value = pair.partition("=")
            if key not in ASSUMED:
                raise LibraryError(f"there is no assumption '{key}'; there are: {', '.join(ASSUMED)}")
            changes[key] = value.strip() if key in TEXTS else _number(key, value)
        return replace(self, **changes)

    def checked(self) -> "Assumptions":
        """Itself; LibraryError for a number that makes no sense."""
        for key in NUMBERS:
            _number(key, str(getattr(self, key)))
        return self


TEXTS = ("currency", "hardware")
ASSUMED = tuple(one.name for one in fields(Assumptions))
NUMBERS = tuple(name for name in ASSUMED if name not in TEXTS)
ABOVE_ZERO = ("per_dollar", "items", "wanted", "months")


def _number(key: str, text: str) -> float:
    try:
        value = float(text.replace(",", ""))
    except ValueError as error:
        raise LibraryError(f"{key} is '{text}', which is no number; give one such as {key}=10") from error
    if not 0 <= value < 1e12 or (key in ABOVE_ZERO and value == 0):
        raise LibraryError(f"{key} is {text}; give a number from 0 up" + (", not 0" if key in ABOVE_ZERO else ""))
    return value
