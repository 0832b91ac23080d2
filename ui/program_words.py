"""Terms in words, as programs send them: what was understood, and what was not."""

from collections.abc import Collection
from typing import Any
from weakref import WeakKeyDictionary

from catalog import Catalog
from library import Opened
from retrieval import Name, RetrievalError, Understood, Vocabulary, understand, vocabulary
from ui.names import attribute_name, value_name
from ui.words import LANGUAGES

_known: WeakKeyDictionary[Opened, tuple[Catalog, Collection[str], Vocabulary]] = WeakKeyDictionary()


def understood(opened: Opened, text: str) -> Understood:
    """What a text asks of a catalog; RetrievalError where it has no labels of attributes that the weights know."""
    words = vocabulary_of(opened)
    if not words.attributes:
        raise RetrievalError("words name values, and this catalog has no labels; search by an image or an item")
    return understand(text, words)


def described(found: Understood) -> dict[str, Any]:
    """As `ui.query_answers.Words` has it."""
    return {
        "understood": [
            {
                "attribute": term.attribute,
                "value": term.value,
                "words": term.words,
                "weight": term.signed,
                "misspelled": term.misspelled,
                "others": [_meaning(*other) for other in term.others],
            }
            for term in found.terms
        ],
        "unknown": [
            {"words": one.words, "suggestions": [_meaning(offer.attribute, offer.value) for offer in one.suggestions]}
            for one in found.unknown
        ],
    }


def nothing_understood(text: str, found: Understood) -> RetrievalError:
    """Where no word of a text names a value."""
    offers = [f"{offer.attribute}={offer.value}" for one in found.unknown for offer in one.suggestions]
    tried = f"; try {', '.join(list(dict.fromkeys(offers))[:4])}" if offers else ""
    return RetrievalError(f"none of the words '{text[:80]}' names a value of this catalog{tried}")


def _meaning(attribute: str, value: str) -> dict[str, str]:
    return {"attribute": attribute, "value": value}


def vocabulary_of(opened: Opened) -> Vocabulary:
    """The words of a catalog, and how the page shows its attributes and values; made anew when these have changed."""
    catalog, known = opened.catalog, opened.embedder.attributes
    kept = _known.get(opened)
    if kept is None or kept[0] is not catalog or kept[1] != known:
        attributes = [attribute for attribute in catalog.attributes if attribute.name in known]
        names = [
            Name(
                attribute.name,
                value,
                attribute_name(attribute.name, lang) if value is None else value_name(value, lang, attribute.values),
            )
            for attribute in attributes
            for value in (None, *attribute.values)
            for lang in LANGUAGES
        ]
        kept = _known[opened] = catalog, known, vocabulary(attributes, names)
    return kept[2]
