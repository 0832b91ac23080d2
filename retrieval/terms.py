"""Terms as text, for commands and addresses: `color=navy`, `-color=red`, `sleeve@ITEM*0.5`."""

import re
from dataclasses import dataclass

from retrieval.errors import RetrievalError
from retrieval.query import ItemSource, Term, ValueSource

_TERM = re.compile(
    r"(?P<sign>-?)\s*(?P<attribute>[^=@\s-][^=@]*?)\s*(?P<by>[=@])\s*(?P<source>.+?)\s*(\*\s*(?P<weight>[0-9.]+(?:e[+-]?[0-9]+)?))?",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True)
class WrittenTerm:
    """attribute and source: as they were written. by_value: whether the source is a value of the attribute; otherwise it is
    the id of an item, or where commands allow it an image file. weight: below 0 for one to stay away from."""

    attribute: str
    source: str
    by_value: bool
    weight: float = 1.0

    @classmethod
    def read(cls, text: str) -> "WrittenTerm":
        """`[-]ATTRIBUTE=VALUE[*WEIGHT]` or `[-]ATTRIBUTE@ITEM[*WEIGHT]`; RetrievalError for anything else."""
        found = _TERM.fullmatch(text.strip())
        weight = _number(found["weight"]) if found is not None else None
        if found is None or weight is None:
            raise RetrievalError(
                f"'{text}' is no term; write ATTRIBUTE=VALUE or ATTRIBUTE@ITEM, with '-' before it for 'not' and "
                "'*0.5' after it for a weight"
            )
        sign = -1 if found["sign"] else 1
        return cls(found["attribute"].strip(), found["source"], found["by"] == "=", sign * weight)


def written(term: Term) -> str:
    """A term by a value or an item as `WrittenTerm.read` reads it. RetrievalError for a picture, which has no name."""
    match term.source:
        case ValueSource(value):
            source = f"={value}"
        case ItemSource(id):
            source = f"@{id}"
        case _:
            raise RetrievalError(f"the picture that '{term.attribute}' is asked by has no name; give it again")
    sign, weight = "-" if term.weight < 0 else "", abs(term.weight)
    ends_like_weight = re.search(r"\*\s*[0-9.]+(e[+-]?[0-9]+)?$", source, re.IGNORECASE)
    return f"{sign}{term.attribute}{source}{'' if weight == 1 and not ends_like_weight else f'*{weight!r}'}"


def _number(text: str | None) -> float | None:
    try:
        return 1.0 if text is None else float(text)
    except ValueError:
        return None
