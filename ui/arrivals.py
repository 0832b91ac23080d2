"""A query that Metrics has opened in Search: which result is explained, and why the ranking is another one here."""

import json
from collections.abc import Sequence
from html import escape

from library import Opened
from ui.names import attribute_name, value_name
from ui.narrowing import narrowing
from ui.searching import MOST_HITS, Answer
from ui.words import word

COLUMN = "split"


def first_explained(found: Answer) -> int:
    """Place among the hits, from 0, of the one that was chosen in Metrics; the first one where it is not there."""
    arrival = found.asked.arrival
    if arrival is None:
        return 0
    return next((place for place, hit in enumerate(found.hits) if hit.id == arrival.hit), 0)


def note(found: Answer, lang: str) -> str:
    """What is searched here and what Metrics ranked, with a way from one to the other; nothing for other queries."""
    arrival, names = found.asked.arrival, list(found.asked.weights)
    if arrival is None or len(names) != 1 or not found.hits:
        return ""
    split = arrival.split if narrowed(found.opened, arrival.split) else ""
    only = bool(split) and list(found.asked.filters.get(COLUMN, ())) == [split]
    told = {
        "name": attribute_name(names[0], lang),
        "split": value_name(arrival.split, lang),
        "count": f"{found.searched:,}",
    }
    kind = "only" if only else "all" if arrival.split else "labelled"
    said = [word(f"arrival_{kind}", lang, **told)]
    if arrival.hit and all(hit.id != arrival.hit for hit in found.hits):
        said.append(word("arrival_not_found", lang, most=MOST_HITS))
    button = ""
    if split:
        act = word("arrival_search_all" if only else "arrival_search_only", lang, **told)
        button = (
            f'<span class="acts"><button type="button" data-act="arrive" data-split="{"" if only else escape(split)}" '
            f'data-key="arrive">{escape(act)}</button></span>'
        )
    text = ("" if lang == "ja" else " ").join(said)
    return f'<p class="lapel-line notice lapel-arrived" role="status"><span>{escape(text)}</span>{button}</p>'


def narrowed(opened: Opened, split: str, others: Sequence[str] = ()) -> list[str]:
    """What to choose among the filters so that only a split is searched: `others` as they are but for the split, which is left
    out for "" and where the catalog has none to choose."""
    rest = [one for one in others if json.loads(one)[0] != COLUMN]
    own = json.dumps([COLUMN, split])
    if not split or (COLUMN, split) not in narrowing(opened.columns).values:
        return rest
    return [*rest, own]
