"""HTML of similar designs: progress, groups and pairs with their pictures. Everything from outside is escaped."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from catalog import Catalog, Item
from library import Opened
from model import Level
from retrieval import MOST_GROUPED, DesignGroup, DesignPair, Designs, DesignStep, agreement
from ui.cards import names_line, notice
from ui.designs.tab import Seen
from ui.match_words import level_of
from ui.names import attribute_name, item_label, value_name, values_of
from ui.words import word

GROUPS, PAIRS, PICTURES = 6, 12, 12
"""Groups and pairs that are shown at once, and pictures of a group."""
MOST_TWINS = 5
"""Items with the same picture that are named."""


def progress(step: DesignStep, lang: str) -> str:
    """A line with a bar: how far it is, and how much agrees so far."""
    if step.doing == "near":
        text = word("designs_near", lang)
    elif step.doing == "groups":
        text = word("designs_groups_step", lang, count=f"{step.pairs:,}")
    elif not step.pairs:
        text = word("designs_none_so_far", lang)
    else:
        text = word("designs_pairs_step", lang, count=f"{step.pairs:,}")
    value = "" if step.doing == "groups" else f' value="{step.share:.3f}" max="1"'
    return (
        f'<div class="lapel-progress" role="status"><span>{escape(text)}</span>'
        f'<progress{value} aria-label="{escape(text)}"></progress></div>'
    )


def beginning(lang: str) -> str:
    """The same before anything is known."""
    return progress(DesignStep("near", 0.0), lang)


def results(opened: Opened, seen: Seen, level: Level, lang: str) -> str:
    """What was found: a sentence, then groups or pairs, whichever is looked at."""
    found = seen.found
    if found is None:
        return ""
    said = _said(found, level, lang)
    head = f'<header class="lapel-designs-head"><h3>{escape(_counted(found, lang))}</h3>{_facts(found, lang)}</header>{said}'
    if not found.count:
        return head
    listed = _pairs(opened, seen, lang) if seen.pairs else _groups(opened, seen, lang)
    return f"{head}{_choice(found, seen, lang)}{listed}"


def _counted(found: Designs, lang: str) -> str:
    counts = {name: f"{getattr(found, name):,}" for name in ("count", "compared", "items")}
    return word("designs_count", lang, **counts)


def _facts(found: Designs, lang: str) -> str:
    """What else is to be known about the figure."""
    facts = []
    if found.groups:
        facts.append(word("designs_in_groups", lang, groups=f"{len(found.groups):,}"))
    if found.query.across is not None:
        across = found.query.across
        named = {"one": value_name(across.one, lang), "other": value_name(across.other, lang)}
        facts.append(word("designs_sides", lang, column=attribute_name(across.column, lang), **named))
    if found.hidden:
        facts.append(word("designs_hidden", lang, count=f"{found.hidden:,}"))
    if found.twins:
        facts.append(word("designs_twins_kept", lang, count=f"{sum(map(len, found.twins.values())):,}"))
    return f"<p>{escape(' · '.join(facts))}</p>" if facts else ""


def _said(found: Designs, level: Level, lang: str) -> str:
    """What to do where there is nothing, or too much."""
    named = word(level.name.lower(), lang)
    lines = [
        word("designs_unreachable", lang, level=named, name=attribute_name(name, lang), percent=f"{100 * chance:.0f}")
        for name, chance in found.unreachable.items()
    ]
    if found.crowded:
        lines.append(word("designs_crowded", lang, most=f"{MOST_GROUPED:,}"))
    if not found.count and not lines:
        lines.append(word("designs_none", lang))
    return "".join(notice(line, "notice") for line in lines)


def _choice(found: Designs, seen: Seen, lang: str) -> str:
    """Groups or pairs, and both as files; pairs alone across two sides."""
    counts = {"groups": len(found.groups), "pairs": found.count}
    if found.query.across is not None:
        counts.pop("groups")
    buttons = "".join(
        f'<button type="button" data-act="{what}" data-key="{what}" aria-pressed="{str(seen.pairs == (what == "pairs")).lower()}">'
        f"{escape(word(f'designs_{what}', lang, count=f'{count:,}'))}</button>"
        for what, count in counts.items()
    )
    files = [_file("groups", "", lang)] if found.groups else []
    best = word("designs_best", lang, count=f"{len(found.pairs):,}") if len(found.pairs) < found.count else ""
    files.append(_file("pairs", best, lang))
    return (
        f'<div class="lapel-choice"><div role="group" aria-label="{escape(word("designs_show", lang))}">{buttons}</div>'
        f'<div class="acts">{"".join(files)}</div></div>'
    )


def _file(what: str, beside: str, lang: str) -> str:
    return (
        f'<button type="button" data-act="csv_{what}" data-key="csv_{what}">'
        f"{escape(word(f'designs_csv_{what}', lang))}{escape(beside)}</button>"
    )


def _groups(opened: Opened, seen: Seen, lang: str) -> str:
    assert seen.found is not None
    if not seen.found.groups:
        return notice(word("designs_no_groups", lang), "notice") if not seen.found.crowded else ""
    shown = seen.found.groups[: GROUPS * (seen.more + 1)]
    rows = "".join(_group(opened, seen, number, group, lang) for number, group in enumerate(shown))
    more = _more("groups", len(shown) < len(seen.found.groups), lang)
    return f'<p class="hint">{escape(word("designs_groups_hint", lang))}</p><ol class="lapel-alike">{rows}</ol>{more}'


def _group(opened: Opened, seen: Seen, number: int, group: DesignGroup, lang: str) -> str:
    assert seen.found is not None
    found, catalog = seen.found, opened.catalog
    every = number in seen.opened
    shown = group.ids if every else group.ids[:PICTURES]
    pictures = "".join(f"<li>{_picture(opened, seen, id, lang)}</li>" for id in shown)
    rest = ""
    if len(shown) < len(group.ids):
        said = escape(word("designs_rest", lang, count=f"{len(group.ids):,}"))
        rest = f'<button type="button" class="rest" data-act="all" data-group="{number}" data-key="all-{number}">{said}</button>'
    lines = []
    for name in (*found.query.attributes, *found.query.differ):
        named = attribute_name(name, lang)
        if name not in group.chances:
            text = named
        elif name in found.query.differ:
            text = word("designs_most_chance", lang, name=named, percent=_percent(1 - group.chances[name]))
        else:
            text = word("designs_least_chance", lang, name=named, percent=_percent(group.chances[name]))
        lines.append(f"<li>{escape(text)}{_common(catalog, name, group.ids, lang)}</li>")
    title = escape(word("designs_group", lang, rank=number + 1, count=f"{len(group.ids):,}"))
    return (
        f'<li class="lapel-group" id="designs-group-{number}"><h4>{title}</h4><ul class="why">{"".join(lines)}</ul>'
        f'<ul class="pictures">{pictures}</ul>{rest}</li>'
    )


def _common(catalog: Catalog, name: str, ids: Sequence[str], lang: str) -> str:
    """The commonest label of some items, and how many have it."""
    labels = Counter(label for id in ids if (label := catalog.item(id).labels.get(name)))
    if not labels:
        return ""
    value, count = labels.most_common(1)[0]
    named = value_name(value, lang, values_of(catalog, name))
    said = word("designs_labels_of", lang, value=named, count=f"{count:,}", known=f"{labels.total():,}")
    return f"<small>{escape(said)}</small>"


def _pairs(opened: Opened, seen: Seen, lang: str) -> str:
    assert seen.found is not None
    shown = seen.found.pairs[: PAIRS * (seen.more + 1)]
    rows = "".join(_pair(opened, seen, rank, pair, lang) for rank, pair in enumerate(shown, 1))
    more = _more("pairs", len(shown) < len(seen.found.pairs), lang)
    return (
        f'<p class="hint">{escape(word("designs_pairs_hint", lang))}</p><ol class="lapel-alike two">{rows}</ol>{more}'
    )


def _pair(opened: Opened, seen: Seen, rank: int, pair: DesignPair, lang: str) -> str:
    assert seen.found is not None
    query, ids = seen.found.query, (pair.one, pair.other)
    pictures = "".join(f"<li>{_picture(opened, seen, id, lang)}</li>" for id in ids)
    lines = "".join(_line(opened, pair, name, name in query.differ, lang) for name in pair.scores)
    key = "designs_as_asked" if query.differ else "designs_all"
    said = word(key, lang, percent=_percent(pair.chance)) if pair.chances else ""
    twin = f'<b class="twin">{escape(word("designs_twin", lang))}</b>' if pair.twin else ""
    whole = f'<p class="whole">{escape(said)}{twin}</p>' if said or twin else ""
    title = escape(word("designs_pair", lang, rank=rank))
    return (
        f'<li class="lapel-pair" id="designs-pair-{rank}"><h4>{title}</h4><ul class="pictures">{pictures}</ul>'
        f'{whole}<ul class="why">{lines}</ul></li>'
    )


def _line(opened: Opened, pair: DesignPair, name: str, differs: bool, lang: str) -> str:
    """One attribute of a pair: its level and chance, and whether the labels say the same."""
    named, chance, kind = attribute_name(name, lang), pair.chances.get(name), ""
    if chance is None:
        text = word("designs_scored", lang, name=named, score=f"{pair.scores[name]:.2f}")
    elif differs:
        text = word("designs_differs", lang, name=named, percent=_percent(1 - chance))
    else:
        text = word("designs_chance", lang, name=named, percent=_percent(chance))
        kind = level_of(opened, name, chance).name.lower()
    labels = [opened.catalog.item(id).labels.get(name, "") for id in (pair.one, pair.other)]
    same = agreement(opened.catalog, name, (pair.one, pair.other))
    mark = ""
    if same is not None:
        among = values_of(opened.catalog, name)
        one, other = (value_name(label, lang, among) for label in labels)
        told = {"value": one} if same else {"one": one, "other": other}
        said = word(f"designs_labels_{'agree' if same else 'differ'}", lang, **told)
        right = same is not differs
        sign = '<span aria-hidden="true">✓ </span>' if right else '<span aria-hidden="true">✗ </span>'
        mark = f'<small class="{"right" if right else "wrong"}">{sign}{escape(said)}</small>'
    return f'<li class="{kind}"><span>{escape(text)}</span>{mark}</li>'


def _picture(opened: Opened, seen: Seen, id: str, lang: str) -> str:
    assert seen.found is not None
    item: Item = opened.catalog.item(id)
    said = escape(word("designs_open", lang, item=item_label(item, lang)))
    also = seen.found.twins.get(id, ())
    twins = ""
    if also:
        named = names_of(also, lang)
        twins = f'<small class="also">{escape(word("designs_also", lang, ids=named))}</small>'
    return (
        f'<button type="button" class="picture" data-act="search" data-item="{escape(id)}">'
        f'<img src="{escape(opened.thumbnails.url(item))}" alt="{said}" loading="lazy" width="256" height="320"></button>'
        f'<span class="of" translate="no">{escape(id)}</span>{twins}'
    )


def names_of(ids: Sequence[str], lang: str) -> str:
    """Some ids, and how many more there are."""
    more = f" +{len(ids) - MOST_TWINS:,}" if len(ids) > MOST_TWINS else ""
    return ("、" if lang == "ja" else ", ").join(ids[:MOST_TWINS]) + more


def no_level(names: Sequence[str], lang: str) -> str:
    """Why there are scores to set."""
    return f'<p class="lapel-noted">{escape(word("designs_no_level", lang, names=names_line(list(names), lang)))}</p>'


def _more(what: str, there: bool, lang: str) -> str:
    if not there:
        return ""
    said = escape(word(f"designs_more_{what}", lang))
    return f'<div class="acts"><button type="button" data-act="more" data-key="more">{said}</button></div>'


def _percent(chance: float) -> str:
    """A whole percentage; 100 only for what is certain."""
    return f"{min(100 * chance, 99 if chance < 1 else 100):.0f}"
