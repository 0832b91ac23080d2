"""HTML of the explanation of one hit. Everything from outside is escaped."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape

from catalog import Item
from library import Opened
from retrieval import Hit
from ui.cards import chance_line
from ui.heat import attention_picture, data_uri, patch_picture
from ui.match_words import level_of
from ui.names import attribute_name, labelled, values_of
from ui.searching import Answer, as_labelled, query_image, query_labels
from ui.words import word


def explanation(answer: Answer, rank: int, attribute: str, lang: str) -> str:
    """Query and hit side by side: heat and frame on the picture, patch attention in the frame, match levels and shares."""
    choice, hit, catalog = answer.asked.picture, as_labelled(answer, rank), answer.catalog
    item = catalog.item(hit.id)
    wanted = query_labels(catalog, choice)
    name = attribute_name(attribute, lang)
    sides = []
    asked = catalog.item(choice.item) if choice.item is not None else None
    for title, image, labels, of in (
        (word("query_side", lang), query_image(catalog, choice), wanted, asked),
        (
            word("hit_side", lang, rank=rank + 1),
            catalog.open(replace(item, image=hit.picture or item.image)),
            item.labels,
            item,
        ),
    ):
        explained = answer.opened.embedder.explain(image, attribute)
        chip = _chip(attribute, labels, values_of(catalog, attribute), lang)
        figures = [
            _figure(data_uri(attention_picture(image, explained)), "attention", title, name, lang),
            _figure(data_uri(patch_picture(image, explained)), "patch_attention", title, name, lang),
        ]
        sides.append(
            f'<section class="side"><h3>{escape(title)}{chip}</h3>{_named(of)}<div class="pair">{"".join(figures)}</div></section>'
        )
    hint = escape(word("explanation_hint", lang, name=name))
    return f'<p class="hint">{hint}</p><div class="sides">{"".join(sides)}</div>{_shares(answer.opened, hit, lang)}'


def _named(item: Item | None) -> str:
    """Id and title of an item, to find it again."""
    if item is None:
        return ""
    title = item.columns.get("title", "")
    beside = f" · {escape(title)}" if title and title != item.id else ""
    return f'<p class="id" translate="no"><b>{escape(item.id)}</b>{beside}</p>'


def _chip(attribute: str, labels: Mapping[str, str], among: tuple[str, ...], lang: str) -> str:
    if attribute in labels:
        return f'<span class="value known">{escape(labelled(attribute, labels[attribute], lang, among))}</span>'
    said = f"{attribute_name(attribute, lang)}{'：' if lang == 'ja' else ': '}{word('unlabelled', lang)}"
    return f'<span class="value">{escape(said)}</span>'


def _figure(uri: str, kind: str, side: str, name: str, lang: str) -> str:
    alt = word("attention_alt" if kind == "attention" else "patch_alt", lang, side=side, name=name)
    caption = escape(word(kind, lang))
    return f'<figure class="{kind}"><img src="{uri}" alt="{escape(alt)}"><figcaption>{caption}</figcaption></figure>'


def _shares(opened: Opened, hit: Hit, lang: str) -> str:
    """The match level of each attribute, and for several what each adds to the score, as bars."""
    shares, score = hit.shares, hit.score
    lines = [
        f"{chance_line(name, chance, lang)} ({word(level_of(opened, name, chance).name.lower(), lang)})"
        for name, chance in hit.chances.items()
    ]
    said = f'<p class="hint">{escape(" · ".join([*lines, word("score", lang) + f" {score_text(score)}"]))}</p>'
    if len(shares) < 2:
        return said
    longest = max(abs(share) for share in shares.values()) or 1
    rows = "".join(
        f"<li><span>{escape(attribute_name(name, lang))}</span>"
        f'<i style="--part:{max(share, 0) / longest:.3f}"></i><b>{share:+.3f}</b></li>'
        for name, share in shares.items()
    )
    total = f'<li class="sum"><span>{escape(word("score", lang))}</span><i></i><b>{score:.3f}</b></li>'
    return f'{said}<ul class="lapel-shares">{rows}{total}</ul>'


def score_text(score: float) -> str:
    return f"{score:.2f}".replace("-0.00", "0.00")
