"""Where the weights look for an attribute, and what the background does to its results. Everything from outside is escaped."""

from html import escape

from eval import Attention, Foreground, Swap
from ui.names import attribute_name
from ui.words import word

SHORT = 12
"""Letters of a digest that are shown."""


def foreground(found: Foreground, attribute: str, digest: str, lang: str) -> str:
    """Bars of the shares, beside what would be there without any knowledge, and where they were measured."""
    rows = [*_attention(found.attention, lang), *(_swap(swap, lang) for swap in found.swaps)]
    if not rows:
        return ""
    title = escape(word("foreground_title", lang, name=attribute_name(attribute, lang)))
    return (
        f'<h3>{title}</h3><ul class="lapel-views wide">{"".join(rows)}</ul>'
        f'<p class="mix">{_made(found, digest, lang)}</p>'
    )


def _made(found: Foreground, digest: str, lang: str) -> str:
    images = found.attention.images if found.attention is not None else found.swaps[0].images
    masks = found.attention.masks if found.attention is not None else found.swaps[0].pictures
    told = {
        name: f'<span translate="no">{escape(text)}</span>'
        for name, text in (("masks", masks), ("digest", digest[:SHORT]))
    }
    return word("foreground_made", lang, images=f"{images:,}", **told)


def _attention(found: Attention | None, lang: str) -> list[str]:
    if found is None:
        return []
    beside = word("attention_area", lang, share=f"{found.foreground_area * 100:.0f}")
    rows = [_bar(word("attention_person", lang), found.foreground, found.foreground_area, beside)]
    if found.part is not None and found.part_area is not None:
        beside = word("attention_area", lang, share=f"{found.part_area * 100:.0f}")
        if found.low is not None and found.high is not None:
            low, high = f"{found.low * 100:.0f}", f"{found.high * 100:.0f}"
            beside = f"{word('sure', lang, low=low, high=high)} · {beside}"
        rows.insert(0, _bar(word("attention_part", lang), found.part, found.part_area, beside))
    return rows


def _swap(found: Swap, lang: str) -> str:
    told = {"ordinary": f"{found.kept_global * 100:.0f}", "chance": f"{found.kept_chance * 100:.0f}"}
    said = word("swap_drawn" if found.pictures == "drawn" else "swap_photographs", lang)
    return _bar(said, found.kept, found.kept_global, word("swap_beside", lang, **told))


def _bar(said: str, share: float, mark: float, beside: str) -> str:
    """A share from 0 to 1 with a mark at what it is compared with."""
    return (
        f"<li><span>{escape(said)}<small>{escape(beside)}</small></span>"
        f'<span class="lapel-bar" aria-hidden="true"><i style="width:{share * 100:.1f}%"></i>'
        f'<u class="ordinary" style="left:{mark * 100:.1f}%"></u></span><b>{share * 100:.0f} %</b></li>'
    )
