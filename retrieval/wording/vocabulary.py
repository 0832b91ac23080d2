"""The words of one catalog: its own attributes and values, with the synonyms of the vocabulary file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from catalog import Attribute, recognise
from common.names import name_key
from retrieval.wording.file import BESIDE, ORDINARY, VOCABULARY, Entry, name_keys, read_entries, singular
from retrieval.wording.grammar import is_function
from retrieval.wording.text import key, read_word, sound

OWN, WORD, VARIANT = range(3)
"""How a word came to a value: as the catalog spells it, from the file, or as a plural of one of these."""
INVISIBLE = "invisible"
"""Said of what cannot be seen in a picture; nobody asks for it."""
_NO_BEFORE = ("no ", "without ", "non ", "not ")
_NO_AFTER = ("なし", "無し", "のない", "の無い")


@dataclass(frozen=True)
class Name:
    """How people read an attribute, or a value of it, on a page. value: None for the attribute itself."""

    attribute: str
    value: str | None
    text: str


@dataclass(frozen=True)
class Claim:
    """A value that a word can mean. value: None where the catalog has it not; then `offers` are (attribute, value) to
    offer instead. beside: only next to a word of the attribute. rank: OWN, WORD or VARIANT."""

    attribute: str
    value: str | None
    rank: int
    beside: bool = False
    offers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """Words in the form of `text.key` → what they mean in one catalog.

    claims: words of values. names: words of attributes (those of the file that the catalog has not, too). without: words
    whose absence is a value ("collar", where "no collar" is one). opposites: (attribute, value) → its value for "no".
    ordinary: words that no value is misspelled as.
    """

    attributes: tuple[Attribute, ...]
    claims: dict[str, tuple[Claim, ...]]
    names: dict[str, frozenset[str]]
    without: dict[str, tuple[Claim, ...]]
    opposites: dict[tuple[str, str], str]
    ordinary: frozenset[str] = frozenset()

    @cached_property
    def longest(self) -> int:
        """Characters of the longest word."""
        return max((len(word) for words in (self.claims, self.names) for word in words), default=0)

    @cached_property
    def has(self) -> frozenset[str]:
        """The names of the catalog's attributes."""
        return frozenset(one.name for one in self.attributes)

    @cached_property
    def here(self) -> frozenset[str]:
        """The words that mean a value or an attribute of this catalog."""
        values = {word for word, claims in self.claims.items() if any(one.value is not None for one in claims)}
        return frozenset(values | {word for word, names in self.names.items() if names & self.has})

    @cached_property
    def away(self) -> frozenset[str]:
        """The words of the file that mean a value which this catalog has not."""
        return frozenset(self.claims.keys() - self.here)

    @cached_property
    def values(self) -> list[str]:
        """The words of `here` that mean a value, in order."""
        return sorted(word for word in self.here if word in self.claims)

    @cached_property
    def latin(self) -> list[str]:
        """The words of `here` in Latin letters, in order."""
        return sorted(word for word in self.here if read_word(word).is_latin)

    @cached_property
    def other(self) -> list[str]:
        """The words of `here` in Japanese, in order."""
        return sorted(self.here - set(self.latin))

    @cached_property
    def sounds(self) -> dict[str, str]:
        """How the words of `other` sound → one that sounds so."""
        return {sound(word): word for word in reversed(self.other)}


def vocabulary(attributes: Iterable[Attribute], names: Iterable[Name] = (), path: Path = VOCABULARY) -> Vocabulary:
    """The words that can be asked in a catalog with these attributes.

    names: how a page shows attributes and values, so that what is read there can be typed. path: the vocabulary file.
    RetrievalError for a file that cannot be read.
    """
    return _Building(tuple(attributes), read_entries(path)).vocabulary(names)


class _Building:
    """Collects words for `vocabulary`."""

    def __init__(self, attributes: tuple[Attribute, ...], entries: Sequence[Entry]) -> None:
        self.attributes = attributes
        self.entries = [entry for entry in entries if ORDINARY not in entry.attributes]
        self.ordinary = [entry for entry in entries if ORDINARY in entry.attributes]
        self.claims: dict[str, list[Claim]] = {}
        self.named: dict[str, set[str]] = {}
        self.without: dict[str, list[Claim]] = {}
        self.opposites: dict[tuple[str, str], str] = {}

    def vocabulary(self, names: Iterable[Name]) -> Vocabulary:
        taken: set[int] = set()
        for attribute in self.attributes:
            known = {name_key(attribute.name), name_key(recognise(attribute.name).attribute)}
            mine = [
                place
                for place, entry in enumerate(self.entries)
                if known & {name_key(name) for name in entry.attributes}
            ]
            taken.update(mine)
            self._add_attribute(attribute, [self.entries[place] for place in mine])
        for place in sorted(set(range(len(self.entries))) - taken):
            entry = self.entries[place]
            self._add_entry(entry, entry.attributes[0], None)
        for name in names:
            self._add_shown(name)
        return Vocabulary(
            self.attributes,
            {word: tuple(claims) for word, claims in self.claims.items()},
            {word: frozenset(attributes) for word, attributes in self.named.items()},
            {word: tuple(claims) for word, claims in self.without.items()},
            self.opposites,
            frozenset(key(word) for entry in self.ordinary for word in entry.words),
        )

    def _add_attribute(self, attribute: Attribute, entries: Sequence[Entry]) -> None:
        self._name(attribute.name.replace("_", " "), attribute.name)
        of_values = [entry for entry in entries if entry.values or not _names_attribute(entry)]
        tied = {value: _tied(value, of_values) for value in attribute.values if name_key(value) != INVISIBLE}
        for value, entry in tied.items():
            self._claim(value.replace("_", " "), Claim(attribute.name, value, OWN))
            if entry:
                self._add_entry(entry, attribute.name, value)
        for entry in entries:
            if _names_attribute(entry):
                self._add_entry(entry, attribute.name, None)
            elif entry not in tied.values():
                self._add_entry(entry, attribute.name, None, _offers(attribute.name, entry, tied))
        self._add_opposites(attribute.name, tied)

    def _add_opposites(self, attribute: str, tied: dict[str, Entry | None]) -> None:
        called = {
            value: name_keys((value, *(entry.values if entry else ()))) - {"yes", "no"} for value, entry in tied.items()
        }
        for value, names in called.items():
            for other, others in called.items():
                if others & {prefix + name for name in names for prefix in _NO_BEFORE}:
                    self.opposites[attribute, value] = other

    def _add_entry(
        self, entry: Entry, attribute: str, value: str | None, offers: tuple[tuple[str, str], ...] = ()
    ) -> None:
        for word in (*entry.values, *entry.words):
            if _names_attribute(entry):
                self._name(word, attribute)
            else:
                claim = Claim(attribute, value, WORD, word.endswith(BESIDE), offers)
                self._claim(word.removesuffix(BESIDE), claim)

    def _add_shown(self, name: Name) -> None:
        if name.value is None:
            self._name(name.text, name.attribute)
        else:
            self._claim(name.text, Claim(name.attribute, name.value, WORD))

    def _name(self, word: str, attribute: str) -> None:
        for one in (word, *_variants(word)):
            self.named.setdefault(key(one), set()).add(attribute)

    def _claim(self, word: str, claim: Claim) -> None:
        if not key(word) or is_function(word):
            return
        if rest := _without(word):
            _put(self.without, key(rest), claim)
            if claim.value is not None:
                self._name(rest, claim.attribute)
            return
        _put(self.claims, key(word), claim)
        for variant in _variants(word):
            _put(self.claims, key(variant), Claim(claim.attribute, claim.value, VARIANT, claim.beside, claim.offers))


def _names_attribute(entry: Entry) -> bool:
    return not entry.values


def _tied(value: str, entries: Sequence[Entry]) -> Entry | None:
    """The line that a catalog's value belongs to: by the names of values, else by the other words."""
    mine = singular(value.replace("_", " "))
    by_name = (entry for entry in entries if mine in name_keys(entry.values))
    by_word = (entry for entry in entries if mine in name_keys(entry.words))
    return next(by_name, None) or next(by_word, None)


def _offers(attribute: str, entry: Entry, tied: dict[str, Entry | None]) -> tuple[tuple[str, str], ...]:
    """The catalog's values that a line without one of them names to be offered, in its order."""
    found = (
        (attribute, value)
        for wanted in entry.offer
        for value, other in tied.items()
        if singular(wanted) == singular(value) or (other and singular(wanted) in name_keys(other.values))
    )
    return tuple(dict.fromkeys(found))


def _variants(word: str) -> tuple[str, ...]:
    if not read_word(word).is_latin or len(word) < 3 or word.endswith("ss"):
        return ()
    return (word.removesuffix("s") if word.endswith("s") else word + "s",)


def _without(word: str) -> str:
    """What a word says that there is none of; nothing for any other word."""
    text = name_key(word)
    before = next((text.removeprefix(prefix) for prefix in _NO_BEFORE if text.startswith(prefix)), "")
    return before or next((text.removesuffix(ending) for ending in _NO_AFTER if text.endswith(ending)), "")


def _put(words: dict[str, list[Claim]], word: str, claim: Claim) -> None:
    """Adds a claim unless the word has it by as good a right."""
    claims = words.setdefault(word, [])
    for place, one in enumerate(claims):
        if (one.attribute, one.value) == (claim.attribute, claim.value):
            if (claim.beside, claim.rank) < (one.beside, one.rank):
                claims[place] = claim
            return
    claims.append(claim)
