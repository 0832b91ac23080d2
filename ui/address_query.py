"""A query as the address of the page holds it: sent to a colleague, it asks the same.

`term=lapel@ITEM&term=-color%3Dnavy*0.5&k=24&filter=season%3DSummer`: terms as `retrieval.WrittenTerm` reads them. A picture that
has no name, or is turned or cut, stands in a `picture` of its own, which terms name by its place: `sleeve@#1`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from gradio.utils import get_upload_folder

from catalog import CatalogError, Columns
from common.names import find_name
from retrieval import ItemSource, RetrievalError, Term, ValueSource, WrittenTerm, written
from ui.asked import Arrival, Asked, AskedTerm, Picture, like
from ui.picture_box import uploaded
from ui.turning import MOST_HITS, MOST_TERMS, BadBox, Known, Step, read_box

NAMES = ("term", "picture", "shown", "item", "attribute", "k", "least", "beta", "gamma", "filter", "hit", "split")
"""Parameters of the address that make a query."""
FEW_HITS = 12


def address_of(step: Step) -> list[tuple[str, str]]:
    """Parameters of a query, in order. A picture that a program has sent has no address and is left out."""
    pictures: list[Picture] = []

    def named(picture: Picture) -> str:
        if picture.item is not None and not picture.altered and not picture.item.startswith("#"):
            return picture.item
        if picture not in pictures:
            pictures.append(picture)
        return f"#{pictures.index(picture) + 1}"

    asked = step.asked
    found = [("term", _written(term, named)) for term in asked.terms if term.source != Picture()]
    if step.picture != asked.picture and not step.picture.empty:
        found.append(("shown", named(step.picture)))
    found += [("picture", _picture_text(picture)) for picture in pictures]
    for name, value in (("least", asked.least), ("beta", asked.beta), ("gamma", asked.gamma)):
        if value is not None:
            found.append((name, f"{value:g}"))
    if asked.k != FEW_HITS:
        found.append(("k", str(asked.k)))
    found += [("filter", f"{column}={value}") for column, values in asked.filters.items() for value in values]
    if asked.arrival is not None:
        found += [(name, text) for name, text in (("hit", asked.arrival.hit), ("split", asked.arrival.split)) if text]
    return found


def address_text(step: Step) -> str:
    """As it stands behind the `?`."""
    return urlencode(address_of(step))


@dataclass(frozen=True)
class Read:
    """What an address asks for, as far as it is there. missing: (kind, text) of what is not: "term", "item", "attribute",
    "value", "picture"."""

    step: Step
    missing: tuple[tuple[str, str], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it asks for nothing that is there."""
        return not self.step.asked.terms and self.step.picture.empty


def read_address(parameters: Sequence[tuple[str, str]], known: Known, columns: Columns) -> Read:
    """columns: those of the catalog. Never an error: what cannot be read is named as missing."""
    missing: list[tuple[str, str]] = []
    by_name: dict[str, list[str]] = {}
    for name, text in parameters:
        by_name.setdefault(name, []).append(text)
    pictures = [_picture(text, known, missing) for text in by_name.get("picture", [])]

    def picture(text: str) -> Picture | None:
        if text.startswith("#") and text[1:].isdigit() and 0 < int(text[1:]) <= len(pictures):
            return pictures[int(text[1:]) - 1]
        return Picture(item=text) if known.has(text) else None

    terms = [_term(text, known, picture, missing) for text in by_name.get("term", [])]
    there = [term for term in terms if term is not None]
    there += _short_form(by_name, known, missing)
    asked = Asked(tuple(dict.fromkeys(there))[:MOST_TERMS], filters=_filters(by_name.get("filter", []), columns))
    asked = replace(asked, **_numbers(by_name))
    if by_name.get("hit") or by_name.get("split"):
        asked = replace(asked, arrival=Arrival(by_name.get("hit", [""])[0], by_name.get("split", [""])[0]))
    shown = next((picture(text) for text in by_name.get("shown", [])), None) or asked.picture
    return Read(Step(asked, shown), tuple(missing))


def _short_form(
    by_name: Mapping[str, Sequence[str]], known: Known, missing: list[tuple[str, str]]
) -> tuple[AskedTerm, ...]:
    """`item=ID&attribute=NAME`: one picture, some attributes."""
    names: list[str] = []
    for text in by_name.get("attribute", []):
        name = _name(text, known.attributes)
        if name is None:
            missing.append(("attribute", text))
        else:
            names.append(name)
    for item in by_name.get("item", [])[:1]:
        if known.has(item):
            return like(Picture(item=item), dict.fromkeys(names or [known.first], 1.0))
        missing.append(("item", item))
    return ()


def _term(
    text: str, known: Known, picture: Callable[[str], Picture | None], missing: list[tuple[str, str]]
) -> AskedTerm | None:
    try:
        term = WrittenTerm.read(text)
    except RetrievalError:
        missing.append(("term", text))
        return None
    name = _name(term.attribute, known.attributes)
    if name is None:
        missing.append(("attribute", term.attribute))
        return None
    source = _name(term.source, known.values.get(name, ())) if term.by_value else picture(term.source)
    if source is None:
        missing.append(("value" if term.by_value else "item", term.source))
        return None
    return AskedTerm(name, source, term.weight)


def _written(term: AskedTerm, named: Callable[[Picture], str]) -> str:
    source = ValueSource(term.source) if isinstance(term.source, str) else ItemSource(named(term.source))
    return written(Term(term.attribute, source, term.weight))


def _picture_text(picture: Picture) -> str:
    box = ",".join(f"{edge:g}" for edge in picture.box) if picture.box is not None else ""
    kind, name = ("item", picture.item) if picture.item is not None else ("upload", _upload_name(picture))
    return f"{box};{picture.turn % 4};{kind};{name}"


def _upload_name(picture: Picture) -> str:
    assert picture.image is not None
    file = Path(picture.image)
    return f"{file.parent.name}/{file.name}"


def _picture(text: str, known: Known, missing: list[tuple[str, str]]) -> Picture | None:
    box, turn, kind, name = (*text.split(";", 3), "", "", "", "")[:4]
    try:
        edges = read_box(box.split(",") if box else None)
    except BadBox:
        edges = None
    found: Picture | None = None
    if kind == "item" and known.has(name):
        found = Picture(item=name)
    elif kind == "upload":
        try:
            found = Picture(image=uploaded(Path(get_upload_folder()) / name))
        except CatalogError:
            found = None
    if found is None:
        missing.append(("picture", name))
        return None
    return replace(found, box=edges, turn=int(turn) % 4 if turn.isdigit() else 0)


def _filters(texts: Sequence[str], columns: Columns) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        column, equals, value = text.partition("=")
        there = column in (*columns.catalog.columns, "id")
        if equals and there and (not value or value in columns.counts(column)):
            found[column] = (*found.get(column, ()), value)
    return found


def _numbers(by_name: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("k", "least", "beta", "gamma"):
        for text in by_name.get(name, [])[:1]:
            try:
                number = float(text)
            except ValueError:
                continue
            if name == "k" and 1 <= number <= MOST_HITS:
                found[name] = int(number)
            elif name != "k" and 0 <= number <= 1:
                found[name] = number
    return found


def _name(text: str, known: Sequence[str]) -> str | None:
    try:
        return find_name(text, known)
    except ValueError:
        return text if text in known else None
