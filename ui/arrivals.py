"""A query that Metrics has opened in Search: which result is explained, and why the ranking is another one here."""

from html import escape

from library import Opened
from ui.names import attribute_name, value_name
from ui.searching import Answer
from ui.turning import MOST_HITS
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
            f'<span class="acts"><button type="button" data-act="filter" data-column="{COLUMN}" data-value="{escape(split)}"'
            f' data-on="{"" if only else "true"}" data-key="arrive">{escape(act)}</button></span>'
        )
    text = ("" if lang == "ja" else " ").join(said)
    return f'<p class="lapel-line notice lapel-arrived" role="status"><span>{escape(text)}</span>{button}</p>'


def narrowed(opened: Opened, split: str) -> dict[str, tuple[str, ...]]:
    """Filters so that only a split is searched; none for "" and where the catalog has no such split."""
    there = COLUMN in opened.catalog.columns and split in opened.columns.counts(COLUMN)
    return {COLUMN: (split,)} if split and there else {}
