"""Reports side by side, as differences with intervals on the same queries. Everything from outside is escaped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from eval import Beside, Difference, Differences, Report
from ui.metrics.sentence import comma, signed
from ui.metrics.table_cards import MARKS
from ui.names import attribute_name
from ui.words import word

FIGURE = "p12"


@dataclass(frozen=True)
class Compared:
    """Reports against the one that is shown. found: title → differences to it; refused: title → why it cannot be compared."""

    title: str
    found: Mapping[str, Differences]
    refused: Mapping[str, str]


def compared(shown: Compared, lang: str) -> str:
    """A column for each report: its figure, the difference to the one shown, the interval, and the verdict."""
    refused = "".join(f"<li><b>{escape(title)}</b>: {escape(why)}</li>" for title, why in shown.refused.items())
    said = f'<ul class="lapel-warnings">{refused}</ul>' if refused else ""
    if not shown.found:
        return said
    names = list(dict.fromkeys(name for each in shown.found.values() for name in each.attributes))
    titles = "".join(f'<th scope="col">{escape(title)}</th>' for title in shown.found)
    body = "".join(_row(name, shown, lang) for name in names)
    own = f"{escape(shown.title)} <small>{escape(word('compare_shown', lang))}</small>"
    return (
        f'{_counts(shown, lang)}<div class="lapel-scroll" tabindex="0" role="region" '
        f'aria-label="{escape(word("compare_title", lang))}"><table class="lapel-measures compare"><thead><tr>'
        f'<th scope="col">{escape(word("attribute", lang))}</th><th scope="col">{own}</th>{titles}</tr></thead>'
        f"<tbody>{body}</tbody><tfoot>{_overall(shown, lang)}</tfoot></table></div>{said}"
    )


def _counts(shown: Compared, lang: str) -> str:
    """For each report in a sentence, on how many attributes it is better, worse, level or not decided."""
    lines = []
    for title, each in shown.found.items():
        parts = [word(f"count_{kind}", lang, count=count) for kind, count in each.counts.items() if count]
        colon = "：" if lang == "ja" else ": "
        lines.append(
            f"<li><b>{escape(title)}</b>{colon}{escape(comma(lang).join(parts) or word('count_few', lang))}</li>"
        )
    return f'<ul class="lapel-counts">{"".join(lines)}</ul>'


def _row(name: str, shown: Compared, lang: str) -> str:
    first = next(each.attributes[name] for each in shown.found.values() if name in each.attributes)
    cells = "".join(_cell(each.attributes.get(name), lang) for each in shown.found.values())
    title = escape(attribute_name(name, lang))
    few = f' <small class="few">{escape(word("few_queries", lang))}</small>' if first.few else ""
    return f'<tr><th scope="row">{title}{few}</th><td><b>{first.old:.1f}</b></td>{cells}</tr>'


def _overall(shown: Compared, lang: str) -> str:
    first = next((each.overall for each in shown.found.values() if each.overall is not None), None)
    if first is None:
        return ""
    cells = "".join(_cell(each.overall, lang) for each in shown.found.values())
    return f'<tr><th scope="row">{escape(word("all_queries", lang))}</th><td><b>{first.old:.1f}</b></td>{cells}</tr>'


def _cell(each: Difference | None, lang: str) -> str:
    if each is None:
        return "<td>–</td>"
    interval = each.interval
    told = f"<small>{signed(interval.low)} – {signed(interval.high)}</small>" if interval.known else ""
    said = f"{MARKS[each.verdict]} {escape(word(f'verdict_{each.verdict}', lang))}"
    return (
        f'<td><b>{each.new:.1f}</b> <b class="lapel-gain {each.verdict}">{signed(each.points)}</b> {told}'
        f'<span class="lapel-verdict-of {each.verdict}">{said}</span></td>'
    )


def published(found: Sequence[Beside], report: Report, lang: str) -> str:
    """Figures of papers beside those measured, marked as what they are; nothing where none belong here."""
    return "".join(_published(one, report, lang) for one in found)


def _published(one: Beside, report: Report, lang: str) -> str:
    mark = f'<small class="published">{escape(word("published_mark", lang))}</small>'
    rows = "".join(
        f'<tr><th scope="row">{escape(attribute_name(name, lang))}</th>'
        f"<td><b>{report.attributes[name].map:.1f}</b></td><td>{figure:.1f} {mark}</td></tr>"
        for name, figure in one.attributes.items()
    )
    title = f"{escape(word('published_title', lang))}: {escape(one.published.dataset)}"
    hint = "published_same" if one.same_queries else "published_hint"
    ours = f"{escape(word('map', lang))}, {escape(word('measured_here', lang))}"
    theirs = f"{escape(one.published.method)} {mark}"
    return (
        f"<section><h3>{title}</h3><p>{escape(word(hint, lang))} {escape(one.published.source)}</p>"
        f'<div class="lapel-scroll"><table class="lapel-measures small"><thead><tr><th scope="col">'
        f'{escape(word("attribute", lang))}</th><th scope="col">{ours}</th><th scope="col">{theirs}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section>"
    )
