"""From what a program asks to the terms of a search: names respelled, each with its own source."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog import Catalog, CatalogError
from common.names import find_name
from library import Opened
from retrieval import ImageSource, RetrievalError, Term, WrittenTerm, written
from ui.asked import AskedTerm, Picture, like
from ui.names import values_of
from ui.program_errors import NotFound
from ui.program_pictures import box_of, sent_picture
from ui.program_words import described, nothing_understood, understood
from ui.query_questions import MOST_TERMS, SearchQuestion, SimilarQuestion, TermQuestion
from ui.questions import question
from ui.searching import parse_attributes

NO_SOURCE = "attributes say what should match an image or an item; give one of these, or leave attributes out"
ONE_SOURCE = "give either an image or the id of an item, not both and not neither"


@dataclass(frozen=True)
class Composed:
    """The terms of a question. given: which parameter each came from. words: what was made of words, as
    `ui.query_answers.Words` has it. notes: what was understood otherwise than asked, in sentences."""

    terms: tuple[AskedTerm, ...]
    given: tuple[str, ...]
    words: dict[str, Any] | None = None
    notes: tuple[str, ...] = ()

    @property
    def attributes(self) -> list[str]:
        return list(dict.fromkeys(term.attribute for term in self.terms))


def needs_network(asked: SearchQuestion | SimilarQuestion, sent: object = None) -> bool:
    """Whether a picture has to pass the network: one that came with the question, or a part of an item's."""
    own = getattr(asked, "terms", None) or ()
    parts = (term for term in own if isinstance(term, dict))
    return sent is not None or bool(asked.image) or any(term.keys() & {"image", "box", "turn"} for term in parts)


def compose(opened: Opened, asked: SearchQuestion, sent: bytes | str | None, may_embed: bool = False) -> Composed:
    """The terms that a question asks for: of one picture or item first, then its own terms, then words.

    sent: content or file of a picture that came beside the question. may_embed: whether attributes that the catalog is not
    embedded for may be asked in words. RetrievalError and CatalogError say in one sentence what is wrong.
    """
    picture = _picture(opened, asked, sent)
    words = (asked.words or "").strip()
    others = bool(asked.terms or words)
    by_picture: tuple[AskedTerm, ...] = ()
    if asked.attributes or not others:
        if picture is None:
            raise RetrievalError(NO_SOURCE if others else ONE_SOURCE)
        by_picture = like(picture, parse_attributes(asked.attributes or [], opened.embedder.attributes))
    elif picture is not None and not any(_is_of_question(term) for term in asked.terms or ()):
        raise RetrievalError("no attribute of the image or item is asked for; name at least one in attributes")
    own = tuple(_term(opened, term, place, picture) for place, term in enumerate(asked.terms or (), 1))
    in_words, meant, notes = _in_words(opened, words, may_embed)
    if words and not (by_picture or own or in_words):
        raise RetrievalError(notes[0])
    terms = (*by_picture, *own, *in_words)
    if len(terms) > MOST_TERMS:
        raise RetrievalError(f"the query has {len(terms)} terms; give {MOST_TERMS} at most")
    given = ("attributes",) * len(by_picture) + ("terms",) * len(own) + ("words",) * len(in_words)
    return Composed(terms, given, meant, tuple(notes))


def described_terms(composed: Composed, asked: Sequence[Term]) -> list[dict[str, Any]]:
    """As `ui.query_answers.TermEntry` has them. asked: the same terms as the engine was asked."""
    return [
        _described(term, given, own) for term, given, own in zip(composed.terms, composed.given, asked, strict=True)
    ]


def check_item(catalog: Catalog, id: str) -> None:
    """NotFound where there is no such item."""
    try:
        catalog.position(id)
    except CatalogError as error:
        raise NotFound(f"{error}; `items` lists them") from error


def _described(term: AskedTerm, given: str, own: Term) -> dict[str, Any]:
    picture = term.source if isinstance(term.source, Picture) else Picture()
    return {
        "text": None if isinstance(own.source, ImageSource) else written(own),
        "attribute": term.attribute,
        "value": term.source if isinstance(term.source, str) else None,
        "item": picture.item,
        "image": picture.content is not None or picture.image is not None,
        "box": None if picture.box is None else list(picture.box),
        "turn": picture.turn,
        "weight": term.weight,
        "given": given,
    }


def _picture(opened: Opened, asked: SearchQuestion, sent: bytes | str | None) -> Picture | None:
    """What `attributes` are taken from."""
    picture = sent_picture(sent, asked.image)
    if not asked.item:
        return picture
    if picture is not None:
        raise RetrievalError(ONE_SOURCE)
    check_item(opened.catalog, asked.item)
    return Picture(asked.item)


def _is_of_question(term: Any) -> bool:
    """Whether a term names no source of its own."""
    return isinstance(term, dict) and not any(term.get(name) for name in ("value", "item", "image"))


def _term(opened: Opened, given: Any, place: int, picture: Picture | None) -> AskedTerm:
    if isinstance(given, str):
        read = WrittenTerm.read(given)
        name = _spelled(read.attribute, opened.embedder.attributes, "attribute")
        if read.by_value:
            return AskedTerm(name, _value(opened, name, read.source), read.weight)
        check_item(opened.catalog, read.source)
        return AskedTerm(name, Picture(read.source), read.weight)
    try:
        return _of_object(opened, question(TermQuestion, given), picture)
    except NotFound:
        raise
    except RetrievalError as error:
        raise RetrievalError(f"in term {place}: {error}") from error


def _of_object(opened: Opened, term: TermQuestion, picture: Picture | None) -> AskedTerm:
    name = _spelled(term.attribute, opened.embedder.attributes, "attribute")
    sources = [source for source in (term.value, term.item, term.image) if source]
    if len(sources) > 1 or not (sources or picture):
        raise RetrievalError("give one of value, item and image, or else an image or item beside the terms")
    box, turn = box_of(term.box), term.turn
    if term.value:
        if box is not None or turn:
            raise RetrievalError("a value has no picture to cut or turn; leave box and turn out")
        return AskedTerm(name, _value(opened, name, term.value), term.weight)
    if term.item:
        check_item(opened.catalog, term.item)
    source = Picture(term.item) if term.item else sent_picture(None, term.image) or picture
    assert source is not None
    return AskedTerm(name, Picture(source.item, source.image, source.content, box, turn), term.weight)


def _value(opened: Opened, attribute: str, asked: str) -> str:
    """A value as the catalog spells it, or as the weights do; the text itself where neither has it, for the engine to refuse."""
    known = values_of(opened.catalog, attribute) or opened.embedder.values.get(attribute, ())
    return _spelled(asked, known, "value")


def _spelled(asked: str, known: Sequence[str], what: str) -> str:
    try:
        return find_name(asked, known) or asked
    except ValueError as error:
        raise RetrievalError(f"the {what} {error}") from error


def _in_words(
    opened: Opened, text: str, may_embed: bool
) -> tuple[tuple[AskedTerm, ...], dict[str, Any] | None, list[str]]:
    """The terms that words ask for, what was made of them, and what is to be said of it; where there are no terms the first
    note says why."""
    if not text:
        return (), None, []
    found = understood(opened, text)
    embedded = opened.embedder.attributes if may_embed else opened.engine.attributes
    terms = [one for one in found.terms if one.attribute in embedded]
    notes = [] if found.terms else [str(nothing_understood(text, found))]
    notes += [
        f"'{one.words}' asks for {one.attribute}, which the catalog is not embedded for; it was left out"
        for one in found.terms
        if one.attribute not in embedded
    ]
    if found.cut:
        notes.append("the words are too long to be read to the end; give fewer")
    asked = tuple(AskedTerm(one.attribute, one.value, one.signed) for one in terms)
    return asked, described(found), notes
