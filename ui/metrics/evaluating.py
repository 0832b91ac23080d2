"""A catalog that is measured from the page: what can be, how far it is, and what is missing where it cannot."""

from collections import Counter
from dataclasses import dataclass
from html import escape
from typing import Any

from catalog import Catalog
from common.jobs import Job
from library import ALONE, WORTH, Entry, Library, Visitor
from ui.metrics.rows import Rows
from ui.metrics.sentence import comma, sentence
from ui.names import attribute_name, value_name
from ui.pace import duration
from ui.refusals import told
from ui.words import word

SHARE = 0.2
"""Share of the labelled pictures that ask, unless another is chosen."""
SHARES = (0.1, SHARE, 0.5)
TEST = "test"
MOST_NEEDS = 8
"""Lines that say what an attribute lacks."""


@dataclass(frozen=True)
class Labelled:
    """What of a catalog can be measured. ready: attribute → labelled items, of those that the weights know and that have two
    values with `WORTH` items; needs: of the others, value → how many more, "" for a second value."""

    ready: dict[str, int]
    needs: dict[str, dict[str, int]]

    @property
    def items(self) -> int:
        return max(self.ready.values(), default=0)


def measurable(catalog: Catalog, known: list[str]) -> tuple[str, Labelled]:
    """The split that is measured unless something else is asked for, and what of it can be: "test" where that has enough
    labels, since weights may have been trained on the rest; else "", all items."""
    if any(item.split == TEST for item in catalog.items):
        found = labelled(catalog, known, TEST)
        if found.ready:
            return TEST, found
    return "", labelled(catalog, known)


def labelled(catalog: Catalog, known: list[str], split: str = "") -> Labelled:
    """known: attributes of the weights."""
    ready, needs = {}, {}
    items = [item for item in catalog.items if not split or item.split == split]
    for attribute in catalog.attributes:
        if attribute.name not in known:
            continue
        counts = Counter(item.labels[attribute.name] for item in items if attribute.name in item.labels)
        best = counts.most_common(2)
        lacking = {value: WORTH - count for value, count in best if count < WORTH}
        if len(best) < 2:
            lacking[""] = WORTH
        if lacking:
            needs[attribute.name] = lacking
        else:
            ready[attribute.name] = sum(counts.values())
    return Labelled(ready, needs)


def known_attributes(library: Library) -> list[str] | None:
    """Those of the weights in use; None while they are being loaded."""
    try:
        return list(library.weights.embedder.attributes)
    except ValueError:
        return None


def standard(library: Library, entry: Entry) -> dict[str, Any]:
    """Arguments of a measurement for who asks for nothing else."""
    catalog, known = library.ledger(entry.id).catalog, known_attributes(library)
    split, _ = measurable(catalog, [one.name for one in catalog.attributes] if known is None else known)
    return {"split": split, "share": SHARE}


def invitation(entry: Entry, found: Labelled, lang: str, example: tuple[str, Rows] | None = None) -> str:
    """What stands where nothing was measured: what a measurement would say, and that it can be made, or what is missing.
    example: title and figures of a report on other pictures, told meanwhile."""
    title = escape(word("measure_none_title", lang, name=entry.name))
    about = escape(word("measure_none", lang))
    if found.ready:
        counts = word("measure_labels", lang, count=f"{found.items:,}", attributes=len(found.ready))
        button = (
            f'<div class="acts"><button type="button" class="main" data-act="evaluate" data-key="evaluate">'
            f"{escape(word('measure_now', lang))}</button></div>"
        )
        more = f"<p>{escape(counts)}</p>{button}"
    else:
        more = f"<p>{escape(word('measure_too_few', lang, worth=WORTH))}</p>{_needs(found, lang)}"
    if example is not None:
        said = word("measure_example", lang, title=example[0], said=sentence(example[1], lang))
        more += f'<p class="lapel-hint">{escape(said)}</p>'
    return f'<div class="lapel-said none"><h2>{title}</h2><p>{about}</p>{more}</div>'


def weights_choices(library: Library, visitor: Visitor, lang: str) -> list[tuple[str, str]]:
    """What weights are called and their source, those in use first; nothing where there is no choice, and for visitors who may
    not have others loaded."""
    held = library.weights
    if library.settings.public and not visitor.admin:
        return []
    sources = dict.fromkeys([held.source, *(one.source for one in reversed(held.tried))])
    named = [(source, source or word("embedded_weights", lang)) for source in sources]
    choices = [
        (word("weights_now", lang, name=name) if source == held.source else name, source) for source, name in named
    ]
    return choices if len(choices) > 1 else []


def who_asks(found: Labelled, lang: str) -> tuple[list[tuple[str, str]], str]:
    """The shares that can be chosen, and what they mean. Of an attribute with at most `ALONE` labelled pictures every one
    asks, whatever is chosen; where that holds for all there is nothing to choose."""
    over = [attribute_name(name, lang) for name, count in found.ready.items() if count > ALONE]
    if not over:
        return [(word("share_all", lang), f"{SHARE:g}")], word("share_all_info", lang, limit=f"{ALONE:,}")
    shares = [(word("share_percent", lang, percent=f"{share * 100:g}"), f"{share:g}") for share in SHARES]
    return shares, word("share_info", lang, limit=f"{ALONE:,}", over=comma(lang).join(over))


def lacking(found: Labelled, lang: str) -> str:
    """Which attributes cannot be measured, and how many labels would do; "" where all can."""
    if not found.needs:
        return ""
    names = [*needs_of(found, lang)[:MOST_NEEDS], *(["…"] if len(needs_of(found, lang)) > MOST_NEEDS else [])]
    return word("attributes_lack", lang, names=("；" if lang == "ja" else "; ").join(names))


def needs_of(found: Labelled, lang: str) -> list[str]:
    """A line for each value that an attribute lacks labels of."""
    lines = []
    for attribute, missing in found.needs.items():
        name = attribute_name(attribute, lang)
        lines += [
            word("measure_needs", lang, name=name, count=count, value=value_name(value, lang))
            if value
            else word("measure_needs_values", lang, name=name, count=count)
            for value, count in missing.items()
        ]
    return lines


def _needs(found: Labelled, lang: str) -> str:
    if not found.needs:
        return f"<p>{escape(word('measure_needs_any', lang, count=WORTH))}</p>"
    return f'<ul class="lapel-warnings">{"".join(f"<li>{escape(line)}</li>" for line in needs_of(found, lang)[:MOST_NEEDS])}</ul>'


def progress(job: Job, name: str, mine: bool, lang: str, turn: tuple[int, float | None] = (0, None)) -> str:
    """How far a measurement is, with a way to stop it for who has begun it; what went wrong with one that failed. turn: of one
    that waits, how many go before it, and the seconds until its turn."""
    if job.state == "cancelled":
        return f'<p class="lapel-line notice" role="status">{escape(word("measure_cancelled", lang))}</p>'
    if job.over:
        return f'<p class="lapel-line error" role="alert">{escape(told(job.error, lang))}</p>' if job.error else ""
    title = escape(word("measure_running", lang, name=name))
    parts = _waits(*turn, lang) if job.state == "waiting" else []
    if job.stage == "open":
        parts.append(word("measure_stage_open", lang))
    elif job.total:
        stage = "embed" if job.stage == "embed" else "rank"
        parts.append(word(f"measure_stage_{stage}", lang, done=f"{job.done:,}", total=f"{job.total:,}"))
    if job.left is not None:
        parts.append(word("left", lang, time=duration(job.left, lang)))
    value = f' value="{job.done}" max="{job.total}"' if job.total else ""
    cancel = (
        f'<span class="acts"><button type="button" data-act="cancel" data-id="{escape(job.id)}" data-key="cancel">'
        f"{escape(word('act_cancel', lang))}</button></span>"
        if mine
        else ""
    )
    return (
        f'<div class="lapel-progress" role="status"><span>{title}</span><progress{value} aria-label="{title}"></progress>'
        f'<span class="left">{escape(comma(lang).join(parts))}</span>{cancel}</div>'
    )


def _waits(before: int, seconds: float | None, lang: str) -> list[str]:
    if not before:
        return [word("measure_next", lang)]
    said = [word("measure_waits", lang, count=before)]
    return [*said, word("job_turn", lang, time=duration(seconds, lang))] if seconds else said
