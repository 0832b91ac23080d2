"""HTML of labelling. Everything from outside is escaped."""

import time
from collections.abc import Sequence
from html import escape
from typing import Any

from catalog import Catalog, CatalogError, Item
from common.jobs import Job
from library import LARGE, UNSEEN, WORTH, Given, Known, Labelling, Question, Thumbnails
from ui.cards import notice
from ui.label_choices import invisible
from ui.names import attribute_name, item_label, value_name, values_of
from ui.pace import duration
from ui.refusals import told
from ui.words import word

KEYS = "123456789abcdefghijklmnopqrstvwxyz"
"""Keys of values, in order; u is for undo."""
KEPT = 12
"""Labels given last that are shown."""


def head(name: str, attribute: str, lang: str) -> str:
    title = word("labelling_of", lang, name=name)
    said = f"{title} · {attribute_name(attribute, lang)}" if attribute else title
    key = f"<kbd>{escape(word('key_esc', lang))}</kbd>" if attribute else ""
    leave = f'<button type="button" data-act="leave">{key}{escape(word("leave_labelling", lang))}</button>'
    hint = "".join(
        f'<p class="lapel-hint {kind}">{escape(word(key, lang))}</p>'
        for kind, key in (("by-key", "labelling_hint"), ("by-touch", "labelling_hint_touch"))
    )
    return f'<div class="lapel-label-head"><h2>{escape(said)}</h2><span class="acts">{leave}</span></div>{hint}'


def attributes(found: Sequence[tuple[str, int]], lang: str) -> str:
    """Attributes to choose from, each with how many labels it has."""
    buttons, names = [], [name for name, _ in found]
    for name, count in found:
        counted = word("attribute_labels", lang, count=f"{count:,}") if count else word("attribute_no_labels", lang)
        buttons.append(
            f'<button type="button" data-act="attribute" data-name="{escape(name)}">{escape(attribute_name(name, lang, names))}'
            f" <small>{escape(counted)}</small></button>"
        )
    title = escape(word("which_attribute", lang))
    return f'<h3>{title}</h3><div class="lapel-chips">{"".join(buttons)}</div>' if buttons else ""


def stage(labelling: Labelling, figures: str, lang: str) -> str:
    """The picture that is asked for with what can be said of it; `figures` holds the first pictures."""
    name = attribute_name(labelling.name, lang)
    own = invisible(values_of(labelling.ledger.catalog, labelling.name))
    among = tuple(value for value in labelling.values if value == own or invisible((value,)) is None)
    keys = dict(zip((value for value in among if value != own), KEYS, strict=False)) | {own: "0"}
    values = "".join(_button(value, keys.get(value, ""), value_name(value, lang, among)) for value in among)
    unseen = _button(UNSEEN, "0", word("unseen", lang), "unseen") if own is None else ""
    said = {key: word(f"said_{key}", lang) for key in ("skipped", "undone")}
    acts = "".join(
        f'<button type="button" data-do="{act}"><kbd>{escape(key)}</kbd>{escape(word(text, lang))}</button>'
        for act, key, text in (("skip", word("key_space", lang), "skip_picture"), ("undo", "U", "undo_label"))
    )
    return (
        f'<div class="lapel-stage" data-attribute="{escape(labelling.name)}" data-said="{escape(word("said_saved", lang, value="%"))}"'
        f' data-skipped="{escape(said["skipped"])}" data-undone="{escape(said["undone"])}"'
        f' data-coming="{escape(word("next_coming", lang))}" data-all="{escape(word("all_asked", lang))}"'
        f' data-labelled="{escape(word("now_labelled", lang, value="%"))}">'
        f'<div class="pictures">{figures}</div><p class="none"></p>'
        f"<h3>{escape(word('what_value', lang, name=name))}</h3>"
        f'<div class="values">{values}{unseen}</div><div class="below"><div class="acts">{acts}</div>'
        f'<form><input type="text" maxlength="60" aria-label="{escape(word("add_value", lang))}"'
        f' placeholder="{escape(word("add_value", lang))}"><button>{escape(word("add_value_button", lang))}</button></form>'
        '</div><p class="lapel-hidden" aria-live="polite"></p></div>'
    )


def _button(value: str, key: str, text: str, kind: str = "") -> str:
    shown = f"<kbd>{key.upper()}</kbd>" if key else ""
    return (
        f'<button type="button" class="{kind}" data-value="{escape(value)}" data-key="{key}">{shown}'
        f"<span>{escape(text)}</span></button>"
    )


def figures(questions: Sequence[Question], catalog: Catalog, thumbnails: Thumbnails, lang: str) -> str:
    """Pictures for the stage, the next one first."""
    return "".join(_figure(catalog.item(one.item), one.why, thumbnails, lang) for one in questions)


def _figure(item: Item, why: str, thumbnails: Thumbnails, lang: str, again: bool = False) -> str:
    said = word(f"why_{why}", lang)
    url = escape(thumbnails.url(item, LARGE))
    mark = " data-again" if again else ""
    return (
        f'<figure data-item="{escape(item.id)}" data-why="{escape(why)}"{mark}><img src="{url}" alt="{escape(item_label(item, lang))}"'
        f" width={LARGE[0]} height={LARGE[1]}><figcaption>{escape(said)}</figcaption></figure>"
    )


def known(
    labelling: Labelling,
    found: Known,
    coming: str,
    thumbnails: Thumbnails,
    lang: str,
    taught: bool = False,
    last: int = 0,
) -> str:
    """What is known so far, and hidden the pictures that come next. last: number of the answer that this follows."""
    most = max(found.values.values(), default=0) or 1
    among = tuple(dict.fromkeys((*labelling.values, *found.values)))
    rows = "".join(
        _count(value_name(value, lang, among), count, found.needs.get(value, 0), most, lang)
        for value, count in found.values.items()
    )
    numbers = {name: f"{getattr(found, name):,}" for name in ("given", "drawn", "unseen", "left")}
    facts = escape(word("known_facts", lang, **numbers))
    hint = word("teach_few", lang, worth=WORTH)
    if found.worth:
        hint = word("teach_more" if taught else "teach_worth", lang)
    teach = escape(word("label_teach_again" if taught else "teach_it", lang))
    kind = "teach" if found.worth else "teach early"
    strip = _strip(labelling.last(KEPT), labelling.ledger.catalog, among, thumbnails, lang)
    return (
        f'<div class="lapel-known" data-left="{found.left}" data-number="{last}"><h3>{escape(word("what_is_known", lang))}</h3>'
        f'<ul class="counts">{rows}</ul><p class="facts">{facts}</p>'
        f'<div class="teach"><button type="button" class="{kind}" data-act="teach">{teach}</button>'
        f'<small>{escape(hint)}</small></div>{strip}<div class="coming" hidden>{coming}</div></div>'
    )


def _count(name: str, count: int, more: int, most: int, lang: str) -> str:
    needed = f"<small>{escape(word('more_needed', lang, count=more))}</small>" if more else "<small></small>"
    return f'<li><span>{escape(name)}</span><i style="--part:{count / most:.3f}"></i><b>{count:,}</b>{needed}</li>'


def _strip(given: Sequence[Given], catalog: Catalog, among: tuple[str, ...], thumbnails: Thumbnails, lang: str) -> str:
    cards = []
    for one in given:
        try:
            item = catalog.item(one.item)
        except CatalogError:  # it has gone meanwhile
            continue
        value = value_name(one.value, lang, among) if one.value else word("unseen", lang)
        title = escape(word("correct", lang, value=value))
        cards.append(
            f'<li><button type="button" data-correct="{escape(one.item)}" data-why="{escape(one.why)}"'
            f' data-value="{escape(value)}" data-large="{escape(thumbnails.url(item, LARGE))}" title="{title}">'
            f'<img src="{escape(thumbnails.url(item))}" alt="{title}" loading="lazy" width="64" height="80">'
            f"<span>{escape(value)}</span></button></li>"
        )
    if not cards:
        return ""
    return f'<h3>{escape(word("last_labels", lang))}</h3><ol class="last">{"".join(cards)}</ol>'


def again(item: Item, why: str, thumbnails: Thumbnails, lang: str) -> str:
    """A picture that is asked for once more, before all others."""
    return _figure(item, why, thumbnails, lang, again=True)


def lesson(
    job: Job, attribute: str, place: int, lang: str, last: float | None = None, values: Sequence[str] = ()
) -> str:
    """How teaching goes, or what came of it. last: seconds that it took when this catalog was taught before. values: those of
    the attribute."""
    name = attribute_name(attribute, lang)
    if job.state == "waiting":
        return _progress([word("teaching_waits", lang, place=place)], "")
    if job.state == "running":
        value = f' value="{job.done}" max="{job.total}"' if job.total else ""
        said = [word("teaching_runs", lang, name=name)]
        if job.total:
            said.append(word("job_counts", lang, done=f"{job.done:,}", total=f"{job.total:,}"))
        said.append(_left(job, lang, last))
        return _progress(said, value)
    if job.state == "done":
        said_of = notice(result(job.result, name, lang, values), "notice")
        search = f'<button type="button" data-act="search">{escape(word("search_it", lang))}</button>'
        return f'{said_of}<div class="acts">{search}</div>' if job.result.get("taught") else said_of
    error = told(job.error, lang) if job.error else word(f"job_{job.state}", lang)
    return notice(word("teaching_failed", lang, name=name, error=error))


def _left(job: Job, lang: str, last: float | None) -> str:
    """The time left where it is known, else how long it has gone on and how long it may take."""
    if job.left:
        return word("left", lang, time=duration(job.left, lang))
    since = duration(max(1.0, time.time() - job.started) if job.started else 1.0, lang)
    if last is None:
        return word("teaching_since", lang, time=since)
    return word("teaching_last", lang, time=since, last=duration(last, lang))


def result(found: dict[str, Any], name: str, lang: str, values: Sequence[str] = ()) -> str:
    """What came of teaching, in words. name: the attribute as people read it; values: those that it has."""
    needs = ("、" if lang == "ja" else ", ").join(
        word("needs_one" if value else "needs_another", lang, value=value_name(value, lang, values), count=more)
        for value, more in found.get("needs", [])
    )
    if not found.get("taught"):
        return word("needs_labels", lang, name=name, needs=needs)
    quality = found.get("quality")
    if quality is None:
        said = word("taught_unmeasured", lang, name=name, count=found.get("unmeasured", 0))
    else:
        said = word("taught_quality", lang, name=name, **{key: f"{number:.0f}" for key, number in quality.items()})
    better = word("better_with", lang, needs=needs) if needs else ""
    return said + (" " if better and lang != "ja" else "") + better


def _progress(said: Sequence[str], value: str) -> str:
    texts = "".join(f"<span>{escape(text)}</span>" for text in said)
    return f'<div class="lapel-progress">{texts}<progress{value} aria-label="{escape(said[0])}"></progress></div>'
