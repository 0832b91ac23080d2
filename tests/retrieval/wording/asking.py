"""The catalogs that the phrases of tests/data ask, and what a phrase becomes in the notation of these files."""

import csv
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from catalog import Attribute
from retrieval import Name, Understood, Vocabulary, understand, vocabulary
from ui import names

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "tests" / "data"


@dataclass(frozen=True)
class Phrase:
    """A line: a text, the terms expected ("-" unwanted, "a=b ? c=d" either, "*2" weight), the words not understood."""

    language: str
    catalog: str
    text: str
    terms: frozenset[str]
    unknown: tuple[str, ...]


def phrases(file: str) -> list[Phrase]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return [
            Phrase(
                row["language"],
                row["catalog"],
                row["phrase"],
                frozenset(map(_sorted, filter(None, row["terms"].split("; ")))),
                tuple(sorted(filter(None, row["unknown"].casefold().split("; ")))),
            )
            for row in csv.DictReader(lines)
        ]


def _sorted(term: str) -> str:
    """The same term with its readings in order."""
    body, star, weight = term.removeprefix("-").partition(" *")
    sign = "-" if term.startswith("-") else ""
    return sign + " ? ".join(sorted(body.split(" ? "))) + star + weight


@lru_cache
def attributes(catalog: str) -> tuple[Attribute, ...]:
    if catalog == "demo":
        known = json.loads((ROOT / "assets" / "catalog" / "attributes.json").read_text(encoding="utf-8"))
    else:
        known = json.loads((DATA / "phrases_catalogs.json").read_text(encoding="utf-8"))[catalog]
    return tuple(Attribute(name, tuple(values)) for name, values in known.items())


@lru_cache
def words_of(catalog: str) -> Vocabulary:
    """A catalog's vocabulary with the names that the pages show."""
    shown = [
        Name(
            one.name,
            value,
            names.value_name(value, lang, one.values) if value else names.attribute_name(one.name, lang),
        )
        for one in attributes(catalog)
        for value in (None, *one.values)
        for lang in ("en", "ja")
    ]
    return vocabulary(attributes(catalog), shown)


def ask(text: str, catalog: str = "demo") -> tuple[frozenset[str], tuple[str, ...]]:
    """Terms and unknown words, as `Phrase` has them."""
    found = understand(text, words_of(catalog))
    return terms_of(found), tuple(sorted(one.words.casefold() for one in found.unknown))


def terms_of(found: Understood) -> frozenset[str]:
    return frozenset(
        ("-" if term.sign < 0 else "")
        + " ? ".join(sorted(f"{name}={value}" for name, value in ((term.attribute, term.value), *term.others)))
        + (f" *{term.weight:g}" if term.weight != 1 else "")
        for term in found.terms
    )
