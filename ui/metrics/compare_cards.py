"""Reports side by side, as differences with intervals on the same queries. Everything from outside is escaped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from eval import Beside, Difference, Differences, Report
from ui.metrics.differing import between, comma, in_points, signed, verdict
from ui.names import attribute_name
from ui.words import word

FIGURE = "p12"


@dataclass(frozen=True)
class Compared:
    """The report that is shown against others. found: title of another → how the one shown differs from it (`new` is the one
    shown); refused: title → why it cannot be compared."""

    title: str
    found: Mapping[str, Differences]
    refused: Mapping[str, str]


def compared(shown: Compared, lang: str) -> str:
    """In a sentence for each other report how much better the one shown is; then a column for each."""
    refused = "".join(f"<li><b>{escape(title)}</b>: {escape(why)}</li>" for title, why in shown.refused.items())
    said = f'<ul class="lapel-warnings">{refused}</ul>' if refused else ""
    if not shown.found:
        return said
    names = list(dict.fromkeys(name for each in shown.found.values() for name in each.attributes))
    about = f"<small>{escape(word('compare_column', lang))}</small>"
    titles = "".join(f'<th scope="col">{escape(title)} {about}</th>' for title in shown.found)
    body = "".join(_row(name, shown, lang) for name in names)
    own = f"{escape(shown.title)} <small>{escape(word('compare_shown', lang))}</small>"
    told = "".join(f"<li>{escape(story(shown.title, title, each, lang))}</li>" for title, each in shown.found.items())
    return (
        f'<ul class="lapel-counts">{told}</ul><div class="lapel-scroll" tabindex="0" role="region" '
        f'aria-label="{escape(word("compare_title", lang))}"><table class="lapel-measures compare"><thead><tr>'
        f'<th scope="col">{escape(word("attribute", lang))}</th><th scope="col">{own}</th>{titles}</tr></thead>'
        f"<tbody>{body}</tbody><tfoot>{_overall(shown, lang)}</tfoot></table></div>{said}"
    )


def apart(shipped: Sequence[str], lang: str) -> str:
    """Which reports cannot be compared with the one that is shown, and why. shipped: names of test sets of Lapel's own."""
    names = f'<span translate="no">{escape(comma(lang).join(shipped))}</span>'
    kinds = [escape(word("compare_shipped", lang, names="{}")).format(names)] if shipped else []
    kinds.append(escape(word("compare_own", lang)))
    told = escape(word("compare_apart", lang, names="{}")).format(comma(lang).join(kinds))
    return f'<p class="lapel-hint">{told}</p>'


def story(shown: str, other: str, each: Differences, lang: str) -> str:
    """Which of two reports is better, by how much, and on how many attributes."""
    titles = {"shown": shown, "other": other}
    if each.overall is None:
        said = [word("compare_none_counted", lang, **titles)]
    else:
        by = word("compare_by", lang, points=in_points(each.overall, lang))
        counts = [word(f"count_{kind}", lang, count=count) for kind, count in each.counts.items() if count]
        if each.few:
            counts.append(word("count_few", lang, count=len(each.few)))
        parts = word("compare_attributes", lang, parts=comma(lang).join(counts))
        said = [word(f"compare_{each.overall.verdict}", lang, **titles), by, parts]
    return "。".join(said) + "。" if lang == "ja" else f"{said[0]}{': ' if said[1:] else ''}{'; '.join(said[1:])}."


def _row(name: str, shown: Compared, lang: str) -> str:
    first = next(each.attributes[name] for each in shown.found.values() if name in each.attributes)
    cells = "".join(_cell(each.attributes.get(name), lang) for each in shown.found.values())
    title = escape(attribute_name(name, lang))
    few = f' <small class="few">{escape(word("few_queries", lang))}</small>' if first.few else ""
    return f'<tr><th scope="row">{title}{few}</th><td><b>{first.new:.1f}</b></td>{cells}</tr>'


def _overall(shown: Compared, lang: str) -> str:
    first = next((each.overall for each in shown.found.values() if each.overall is not None), None)
    if first is None:
        return ""
    cells = "".join(_cell(each.overall, lang) for each in shown.found.values())
    few = any(one.few for each in shown.found.values() for one in each.attributes.values())
    title = escape(word("all_but_few" if few else "all_queries", lang))
    return f'<tr><th scope="row">{title}</th><td><b>{first.new:.1f}</b></td>{cells}</tr>'


def _cell(each: Difference | None, lang: str) -> str:
    """The figure of another report, and what the one shown has more or less."""
    if each is None:
        return "<td>–</td>"
    return (
        f'<td class="gain"><b>{each.old:.1f}</b> <b class="lapel-gain {each.verdict}">{signed(each.points)}</b> '
        f"<small>{escape(between(each.interval, lang))}</small>{verdict(each, lang)}</td>"
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
