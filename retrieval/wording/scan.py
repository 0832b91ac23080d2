"""From a text to its parts: the longest known word first, without a list of words for Japanese."""

import re
from collections.abc import Iterator

from retrieval.wording import grammar
from retrieval.wording.alike import closest
from retrieval.wording.parts import UNKNOWN, WORD, Part
from retrieval.wording.text import HIRAGANA, KANJI, KATAKANA, LATIN, MARK, Text
from retrieval.wording.vocabulary import Vocabulary

MOST_WEIGHT = 10.0
"""A larger number is not taken for a weight."""
_WEIGHT = re.compile(r"[x*](\d{1,2}(?:\.\d{1,2})?)|(\d{1,2}(?:\.\d{1,2})?)(?:[x*]|倍)")
_STRONG = 4
"""Characters from which a word is known for sure inside a run of hiragana that is otherwise unknown."""
LONGEST_KANA = 40
"""Kana written together that are read as one; more are no words, and would take long."""
_PARTICLES = "いくなのがはをにでともやか"
"""First letters of what can stand between a known word and an unknown one."""
_INFLECTIONS = {"い", "く", "な"}
"""Endings that belong to the unknown word before them."""


def scan(text: Text, words: Vocabulary) -> list[Part]:
    """The parts of a text, in order; together they hold every character once."""
    parts: list[Part] = []
    for part in _Scan(text, words).parts():
        if parts and _is_one_word(parts[-1], part, text):
            part = Part(parts.pop().start, part.end, UNKNOWN)
        parts.append(part)
    return parts


def _is_one_word(first: Part, second: Part, text: Text) -> bool:
    """Whether hiragana belongs to the unknown kanji before it (大きい, 薄い)."""
    start, end = second.start, second.end
    if (
        first.role != UNKNOWN
        or not text.joined[start]
        or text.kinds[start - 1] != KANJI
        or text.kinds[start] != HIRAGANA
    ):
        return False
    return second.role == UNKNOWN or text.plain[start:end] in _INFLECTIONS


class _Scan:
    def __init__(self, text: Text, words: Vocabulary) -> None:
        self.text = text
        self.words = words
        self.last: Part | None = None

    def parts(self) -> Iterator[Part]:
        place = 0
        while place < len(self.text):
            for part in self._at(place):
                self.last = part
                yield part
                place = part.end

    def _at(self, place: int) -> list[Part]:
        if special := self._weight(place) or self._sign(place):
            return [special]
        kind = self.text.kinds[place]
        if kind == KATAKANA:
            return self._katakana(place)
        if kind == HIRAGANA:
            return self._hiragana(place)
        if found := self._known(place):
            return [found]
        if kind == MARK:
            return [Part(place, place + 1, grammar.TOO)]
        return [self._unknown_kanji(place) if kind == KANJI else Part(place, self._end_of_run(place), UNKNOWN)]

    def _weight(self, place: int) -> Part | None:
        found = _WEIGHT.match(self.text.plain, place)
        if not found or not self.text.is_whole(place, found.end()):
            return None
        weight = float(found[1] or found[2])
        if not 0 < weight <= MOST_WEIGHT:
            return None
        return Part(place, found.end(), grammar.WEIGHT_AFTER, weight=weight)

    def _sign(self, place: int) -> Part | None:
        """A hyphen or an exclamation mark before a word, as search engines take it for "not"."""
        text = self.text
        if text.plain[place] not in "-!" or text.joined[place] or place + 1 == len(text):
            return None
        joined = text.joined[place + 1] and text.kinds[place + 1] != MARK
        return Part(place, place + 1, grammar.NOT) if joined else None

    def _known(self, place: int) -> Part | None:
        """The longest word that begins here; of equal ones that of the vocabulary."""
        word = self._word(place)
        function = self._function(place)
        if word and function:
            return word if word.end >= function.end else function
        return word or function

    def _word(self, place: int) -> Part | None:
        here = self._longest(place, place, self.words.here)
        away = self._longest(place, here, self.words.away)
        while away and (self._hides(place, away) or (here and not self._is_of_catalog(place, away))):
            away = self._longest(place, here, self.words.away, before=away)
        end = away or here
        return Part(place, end, WORD, self.text.folded[place:end]) if end > place else None

    def _is_of_catalog(self, place: int, end: int) -> bool:
        claims = self.words.claims[self.text.folded[place:end]]
        return any(claim.attribute in self.words.has for claim in claims)

    def _hides(self, place: int, end: int) -> bool:
        """Whether a word for what the catalog has not ends with another value that it has ("polo shirt") and does not
        offer for it anyway ("light blue")."""
        folded = self.text.folded
        away = self.words.claims[folded[place:end]]
        offered = {offer for claim in away for offer in claim.offers}
        for start in range(place + 1, end):
            if folded[start:end] in self.words.here and self.text.is_whole(start, end):
                claims = self.words.claims.get(folded[start:end], ())
                values = {(claim.attribute, claim.value) for claim in claims if claim.value is not None}
                if values and not values & offered:
                    return True
        return False

    def _longest(self, place: int, after: int, among: frozenset[str], before: int = 0) -> int:
        """The last of the ends after one and before the other at which a word is known, 0 where there is none."""
        text = self.text
        last = min(len(text), place + self.words.longest)
        for end in range(min(last, before - 1) if before else last, after, -1):
            if text.folded[place:end] in among and text.is_whole(place, end) and self._stands(place, end):
                return end
        return 0

    def _stands(self, place: int, end: int) -> bool:
        """Whether a match of one kanji, or of two katakana, is no piece of a longer word that nobody knows."""
        kinds = set(self.text.kinds[place:end])
        if not ((kinds == {KANJI} and end - place == 1) or (kinds == {KATAKANA} and end - place <= 2)):
            return True
        kind = kinds.pop()
        before = self.last is not None and self.last.role == UNKNOWN and self._goes_on(place, kind)
        return not before and not (self._goes_on(end, kind) and not self._begins(end))

    def _goes_on(self, place: int, kind: str) -> bool:
        text = self.text
        return 0 < place < len(text) and text.joined[place] and text.kinds[place - 1] == text.kinds[place] == kind

    def _begins(self, place: int) -> bool:
        """Whether any known word begins here."""
        folded, plain = self.text.folded, self.text.plain
        ends = range(place + 1, min(len(folded), place + self.words.longest) + 1)
        return any(folded[place:end] in self.words.here or plain[place:end] in grammar.functions() for end in ends)

    def _function(self, place: int) -> Part | None:
        text, functions = self.text, grammar.functions()
        for end in range(min(len(text), place + grammar.longest_function()), place, -1):
            found = functions.get(text.plain[place:end])
            if not found or not text.is_whole(place, end):
                continue
            if text.kinds[place:end] == KANJI and self._goes_on(end, KANJI) and not self._begins(end):
                continue
            return Part(place, end, found.role, weight=found.weight)
        return None

    def _end_of_run(self, place: int) -> int:
        """Where the characters of one kind end that are written together from here; kana after `LONGEST_KANA`."""
        end = place + 1
        last = len(self.text)
        if self.text.kinds[place] in (HIRAGANA, KATAKANA):
            last = min(last, place + LONGEST_KANA)
        while end < last and self._goes_on(end, self.text.kinds[place]):
            end += 1
        return end

    def _unknown_kanji(self, place: int) -> Part:
        """As far as nothing known begins; one kanji known alone is a piece of the unknown word, unless it ends it."""
        end = self._end_of_run(place)
        for later in range(place + 1, end):
            found = self._known(later)
            if found and (found.end - later > 1 or (found.role != WORD and found.end == end)):
                return Part(place, later, UNKNOWN)
        return Part(place, end, UNKNOWN)

    def _katakana(self, place: int) -> list[Part]:
        """A run of katakana is known as a whole, or misspelled as a whole, or known in its last or first word."""
        end = self._end_of_run(place)
        if covering := self._cover(place, end):
            return covering
        if meant := closest(self.text.folded[place:end], self.words):
            return [Part(place, end, WORD, meant)]
        for start in range(place + 1, end - 2):
            found = self._word(start)
            if found and found.end >= end:
                return [self._perhaps_misspelled(place, start), found]
        found = self._word(place)
        return [found] if found and found.end - place > 2 else [Part(place, end, UNKNOWN)]

    def _perhaps_misspelled(self, place: int, end: int) -> Part:
        meant = closest(self.text.folded[place:end], self.words)
        return Part(place, end, WORD, meant) if meant else Part(place, end, UNKNOWN)

    def _hiragana(self, place: int) -> list[Part]:
        """A run of hiragana is known as a whole, or after a particle, or before one; else nobody knows it."""
        end = self._end_of_run(place)
        known_before = self.last is not None and self.last.role not in (UNKNOWN, grammar.TOO)
        covering = self._cover(place, end)
        if covering and (known_before or not self._is_particle(covering[0]) or self._may_end(covering, place, end)):
            return covering
        lead = self._function(place) if self.last is not None and self.last.role == WORD else None
        if lead and self.text.plain[place] in _PARTICLES:
            return [lead]
        for later in range(place + 1, end):
            word = self._word(later)
            if word and (word.end - later >= _STRONG or word.end > end):
                return [self._perhaps_misspelled(place, later), word]
            rest = self._cover(later, end)
            if rest and self.text.plain[later:end] in _INFLECTIONS:
                break
            if rest and (not self._is_particle(rest[0]) or self._begins_after(rest)):
                return [self._perhaps_misspelled(place, later), *rest]
        return [self._perhaps_misspelled(place, end)]

    def _is_particle(self, part: Part) -> bool:
        """Whether a part is so short that nonsense holds it too."""
        return part.end - part.start == 1 or (part.role == WORD and part.end - part.start == 2)

    def _may_end(self, parts: list[Part], place: int, end: int) -> bool:
        """Whether particles follow an unknown word of another script, or stand before a word that is known."""
        other = place > 0 and self.text.joined[place] and self.text.kinds[place - 1] != LATIN
        alone = len(parts) == 1 and parts[0].role == WORD and not self._goes_on(end, HIRAGANA)
        return alone or (other and self.text.kinds[place - 1] != MARK) or self._begins_after(parts)

    def _begins_after(self, parts: list[Part]) -> bool:
        return parts[-1].end < len(self.text) and self._begins(parts[-1].end)

    def _cover(self, place: int, end: int) -> list[Part]:
        """The fewest known words that hold the characters from place to end, the last perhaps more; none if none do."""
        best: dict[int, list[Part]] = {place: []}
        for start in range(place, end):
            if start not in best:
                continue
            for part in self._all_known(start):
                parts = [*best[start], part]
                if part.end not in best or len(parts) < len(best[part.end]):
                    best[part.end] = parts
        reached = [parts for last, parts in best.items() if last >= end]
        return min(reached, key=lambda parts: (len(parts), -parts[-1].end), default=[])

    def _all_known(self, place: int) -> Iterator[Part]:
        """Every known word that begins here, those of the vocabulary first."""
        text = self.text
        for end in range(min(len(text), place + self.words.longest), place, -1):
            key = text.folded[place:end]
            if (key in self.words.here or key in self.words.away) and text.is_whole(place, end):
                yield Part(place, end, WORD, key)
        if function := self._function(place):
            yield function
