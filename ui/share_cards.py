"""HTML of what terms and their views add to a score, as bars: what lowers it goes to the other side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from ui.words import WORDS, word


@dataclass(frozen=True)
class TermShares:
    """A term by its name: what it adds to the score, and what each view of it does, which sums to that."""

    name: str
    share: float
    views: Mapping[str, float]


@dataclass(frozen=True)
class Scale:
    """What bars are drawn on. low, high: the ends, low ≤ 0 ≤ high, not both 0."""

    low: float
    high: float

    @classmethod
    def over(cls, shares: Sequence[float]) -> "Scale":
        """One that holds all shares and 0."""
        low, high = min([*shares, 0.0]), max([*shares, 0.0])
        return cls(low, high if high > low else low + 1.0)

    def part(self, share: float) -> tuple[float, float]:
        """Where the bar of a share begins, and how long it is, in percent of the scale."""
        span = self.high - self.low
        return 100 * (min(share, 0.0) - self.low) / span, 100 * abs(share) / span

    @property
    def zero(self) -> float:
        """Where 0 is, in percent."""
        return self.part(0.0)[0]


def shares_list(terms: Sequence[TermShares], score: float, opened: int, lang: str) -> str:
    """A line for each term that opens to its views, and their sum. opened: the place of the one that is open at first."""
    every = [share for term in terms for share in [term.share, *term.views.values()]]
    scale = Scale.over(every)
    rows = "".join(
        _term(term, place == opened, scale, f"term-{opened}-{place}", lang) for place, term in enumerate(terms)
    )
    total = f"<span>{escape(word('score', lang))}</span><span></span><b>{score:.3f}</b>"
    title, hint = escape(word("why_shares", lang)), escape(word("why_shares_hint", lang))
    return (
        f'<h3 class="lapel-made">{title}</h3><p class="hint">{hint}</p>'
        f'<ul class="lapel-score">{rows}<li class="sum">{total}</li></ul>'
    )


def view_name(view: str, lang: str) -> str:
    key = f"why_view_{view}"
    return word(key, lang) if key in WORDS else view.replace("_", " ")


def bar(share: float, scale: Scale) -> str:
    """The bar alone; the number stands beside it."""
    start, length = scale.part(share)
    below = ' class="below"' if share < 0 else ""
    return (
        f'<span class="track" aria-hidden="true" style="--zero:{scale.zero:.1f}%">'
        f'<i{below} style="left:{start:.1f}%;width:{length:.1f}%"></i></span>'
    )


def signed(share: float) -> str:
    return f"{share:+.3f}".replace("-0.000", "+0.000").replace("-", "−")


def _term(term: TermShares, opened: bool, scale: Scale, key: str, lang: str) -> str:
    views = "".join(
        f"<li><span>{escape(view_name(view, lang))}</span>{bar(share, scale)}<b>{signed(share)}</b></li>"
        for view, share in term.views.items()
    )
    return (
        f'<li><details data-key="{key}"{" open" if opened else ""}>'
        f"<summary><span>{escape(term.name)}</span>{bar(term.share, scale)}<b>{signed(term.share)}</b></summary>"
        f"<ul>{views}</ul></details></li>"
    )
