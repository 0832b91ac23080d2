"""HTML of one catalog in detail: what it holds, its disk, its reports and taught attributes. Everything is escaped."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from catalog import Catalog
from eval import Report
from library import Disk, Entry, LabelUpdate, Lesson
from ui.names import attribute_name
from ui.questions import pathless
from ui.words import word

SHORT = 8
"""Letters of a digest that are shown."""
NAMED = 20
"""Ids that are listed."""


@dataclass(frozen=True)
class Detail:
    """What is shown of a catalog. weights: the digests of the weights in use (reports name the network, taught attributes its
    embeddings). reports: file name → report. watchable: whether its folder can be watched. left_out: rows that became no item,
    unreadable pictures and notes, as HTML. host: whether the one who looks may free disk space."""

    entry: Entry
    catalog: Catalog
    may_change: bool
    public: bool
    disk: Disk
    lessons: Sequence[Lesson]
    reports: Mapping[str, Report]
    weights: tuple[str, str]
    watchable: bool
    left_out: str
    host: bool


def head(detail: Detail, current: bool, lang: str) -> str:
    """The way back, the name, and what can be done with the whole."""
    mark = f'<span class="badge">{escape(word("open_now", lang))}</span>' if current else ""
    acts = ["open", "label", "measure", "export", "export_hub"] if detail.may_change else ["open", "measure"]
    buttons = "".join(button(act, lang, id=detail.entry.id) for act in acts)
    back = f'<button type="button" class="back" data-act="back" data-key="back">← {escape(word("all_catalogs", lang))}</button>'
    return (
        f'<div class="lapel-head">{back}<h2>{escape(detail.entry.name)}{mark}</h2>'
        f'<div class="acts">{buttons}</div></div>'
    )


def about(detail: Detail, lang: str) -> str:
    """Everything about the catalog, the facts first, the rest to open."""
    parts = [
        _part("labelled_part", _labels(detail.catalog, lang), lang, str(len(detail.catalog.attributes)), True),
        _part("reports_part", _reports(detail, lang), lang, str(len(detail.reports))),
        _part("taught_part", _lessons(detail, lang), lang, str(len(detail.lessons))),
        _part("disk_part", _disk(detail, lang), lang, size(detail.disk.total)),
    ]
    return f'{_facts(detail, lang)}<div class="lapel-parts">{"".join(parts)}</div>{detail.left_out}'


def update(found: LabelUpdate, lang: str) -> str:
    """What a table of labels would change, and a button to do it."""
    lines = [
        word(
            "update_new" if one.new else "update_column",
            lang,
            name=attribute_name(one.attribute, lang),
            changes=f"{one.changes:,}",
            same=f"{one.same:,}",
            blank=f"{one.blank:,}",
        )
        for one in found.columns
    ]
    comma = "、" if lang == "ja" else ", "
    if found.passed:
        lines.append(word("update_passed", lang, names=comma.join(found.passed[:NAMED])))
    if found.unknown:
        more = word("more_values", lang, count=f"{len(found.unknown) - NAMED:,}") if len(found.unknown) > NAMED else ""
        ids = comma.join([*found.unknown[:NAMED], *([more] if more else [])])
        lines.append(word("update_unknown", lang, count=f"{len(found.unknown):,}", ids=ids))
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    title = escape(word("update_title", lang, count=f"{len(found.changes):,}"))
    apply = button("apply", lang, kind="main") if found.changes else ""
    return (
        f'<div class="lapel-update" role="status"><b>{title}</b><ul>{listed}</ul>'
        f'<div class="acts">{apply}{button("dismiss", lang)}</div></div>'
    )


def button(act: str, lang: str, kind: str = "", sure: str = "", **data: str) -> str:
    """A button that the server hears of, with some data. sure: what is asked before."""
    told = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    key = escape("-".join([act, *data.values()]))
    asked = f' data-sure="{escape(sure)}"' if sure else ""
    style = f' class="{kind}"' if kind else ""
    return (
        f'<button type="button"{style} data-act="{act}" data-key="{key}"{told}{asked}>'
        f"{escape(word(f'act_{act}', lang))}</button>"
    )


def size(count: int) -> str:
    if count >= 1e9:
        return f"{count / 1e9:.1f} GB"
    return f"{count / 1e6:.1f} MB" if count >= 1e5 or not count else f"{count / 1e3:.1f} kB"


def when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def _facts(detail: Detail, lang: str) -> str:
    entry, catalog = detail.entry, detail.catalog
    pictures = sum(len(item.pictures) for item in catalog.items)
    found = {
        "fact_items": f"{len(catalog):,}",
        "fact_pictures": f"{pictures:,}",
        "fact_source": _source(detail),
        "fact_made": when(entry.made),
        "fact_whose": word(_whose(detail), lang),
        "fact_weights": detail.weights[0][:SHORT],
    }
    rows = "".join(
        f"<div><dt>{escape(word(key, lang))}</dt><dd>{escape(text)}</dd></div>" for key, text in found.items() if text
    )
    watch = ""
    if detail.watchable and detail.may_change:
        on = detail.entry.watched
        watch = (
            f'<label class="check"><input type="checkbox" data-act="watch" data-key="watch"{" checked" if on else ""}>'
            f"<span>{escape(word('watch_folder', lang))}</span></label>"
        )
    return f'<dl class="lapel-about">{rows}</dl>{watch}'


def _source(detail: Detail) -> str:
    """What a catalog was made from; folders of the server are for those whose they are."""
    if not detail.entry.root:
        return pathless(detail.entry.source)
    return detail.entry.source if not detail.public or detail.may_change else ""


def _whose(detail: Detail) -> str:
    if not detail.public:
        return "whose_here"
    return "whose_yours" if detail.entry.owner else "whose_host"


def _part(title: str, body: str, lang: str, count: str, opened: bool = False) -> str:
    return (
        f'<details data-key="{title}"{" open" if opened else ""}><summary>{escape(word(title, lang))}'
        f" <i>{escape(count)}</i></summary>"
        f"{body}</details>"
    )


def _labels(catalog: Catalog, lang: str) -> str:
    if not catalog.attributes:
        return f"<p>{escape(word('no_label_columns', lang))}</p>"
    counts = {one.name: sum(one.name in item.labels for item in catalog.items) for one in catalog.attributes}
    rows = "".join(
        f"<tr><th scope='row'>{escape(attribute_name(one.name, lang))}</th>"
        f"<td>{escape(word('labels_count', lang, count=f'{counts[one.name]:,}'))}</td>"
        f"<td>{escape(word('values_count', lang, count=f'{len(one.values):,}'))}</td></tr>"
        for one in catalog.attributes
    )
    return f'<div class="lapel-scroll"><table class="lapel-plain">{rows}</table></div>'


def _reports(detail: Detail, lang: str) -> str:
    if not detail.reports:
        return f"<p>{escape(word('no_own_reports', lang))}</p>"
    rows = []
    for name, report in detail.reports.items():
        digest = str(report.weights.get("digest", ""))
        belongs = word("of_these_weights" if digest == detail.weights[0] else "of_other_weights", lang)
        figure = report.overall.get("map")
        told = f"MAP {figure:.1f} %" if isinstance(figure, float) else ""
        rows.append(
            f"<tr><th scope='row'>{escape(report_time(name))}</th><td>{escape(told)}</td>"
            f"<td>{escape(digest[:SHORT])} {escape(belongs)}</td>"
            f'<td class="acts">{button("report", lang, name=f"{detail.entry.id}/{name}")}</td></tr>'
        )
    return f'<div class="lapel-scroll"><table class="lapel-plain">{"".join(rows)}</table></div>'


def report_time(name: str) -> str:
    """When a report was made, as its file name tells, in the time of the server."""
    try:
        made = time.strptime(name[:15], "%Y%m%d-%H%M%S")
    except ValueError:
        return name
    return when(time.mktime(made) - time.timezone)


def _lessons(detail: Detail, lang: str) -> str:
    if not detail.lessons:
        return f"<p>{escape(word('none_taught' if detail.may_change else 'none_taught_here', lang))}</p>"
    rows = []
    for lesson in detail.lessons:
        fits = lesson.weights == detail.weights[1]
        told = quality_line(lesson.quality, lang) if fits else word("teach_again", lang)
        acts = button(
            "unlearn", lang, sure=word("sure_forget", lang, name=attribute_name(lesson.name, lang)), name=lesson.name
        )
        rows.append(
            f"<tr><th scope='row'>{escape(attribute_name(lesson.name, lang))}</th>"
            f"<td{'' if fits else ' class=warn'}>{escape(told)}</td><td>{escape(lesson.weights[:SHORT])}</td>"
            f'<td class="acts">{acts if detail.may_change else ""}</td></tr>'
        )
    return f'<div class="lapel-scroll"><table class="lapel-plain">{"".join(rows)}</table></div>'


def quality_line(quality: Mapping[str, float] | None, lang: str) -> str:
    """How good a taught attribute is: its MAP with its interval, and chance; or that nothing is known."""
    if not quality or "map" not in quality:
        return word("unmeasured", lang)
    low, high = quality.get("low"), quality.get("high")
    interval = "" if low is None or high is None else f" ({low:.0f}–{high:.0f})"
    chance = quality.get("chance", quality.get("chance_map", 0.0))
    return word("quality", lang, map=f"{quality['map']:.1f}", interval=interval, chance=f"{chance:.1f}")


def _disk(detail: Detail, lang: str) -> str:
    disk, entry = detail.disk, detail.entry
    parts = {
        "disk_pictures": word("in_your_folder", lang) if entry.root else size(disk.pictures),
        "disk_vectors": size(disk.vectors),
        "disk_indexes": size(disk.indexes),
        "disk_thumbnails": size(disk.thumbnails),
        "disk_records": size(disk.records),
    }
    rows = "".join(
        f"<tr><th scope='row'>{escape(word(key, lang))}</th><td>{escape(text)}</td></tr>" for key, text in parts.items()
    )
    prune = button("prune", lang, sure=word("sure_prune", lang)) if detail.host else ""
    hint = f"<p>{escape(word('prune_hint', lang))}</p>" if prune else ""
    return f'<table class="lapel-plain">{rows}</table>{hint}<div class="acts">{prune}</div>'
