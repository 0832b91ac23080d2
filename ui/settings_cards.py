"""How a search is made beside its terms: the least match level, and how the views are balanced."""

from html import escape

from library import Opened
from model import AT_LEAST, Level
from ui.asked import Asked
from ui.words import word

LEASTS = (("likely", Level.LIKELY), ("very", Level.VERY_LIKELY))
"""Match levels that a search can be cut off below."""
OTHERWISE = 0.3
"""The share that a view begins with where it is not to be as trained."""


def settings(opened: Opened, asked: Asked, lang: str) -> str:
    """HTML of the choices; each sends its act."""
    balance = "".join(_share(opened, asked, name, lang) for name in shares(opened))
    return f'<div class="lapel-settings">{_least(asked, lang)}{balance}</div>'


def shares(opened: Opened) -> list[str]:
    """Which balances there are to set: β, and γ where an attribute has a general view."""
    mixes = [opened.embedder.derivation(name).mix for name in opened.embedder.attributes]
    return ["beta", *(["gamma"] if any("general" in mix for mix in mixes) else [])]


def _least(asked: Asked, lang: str) -> str:
    choices = [("least_any", ""), *((f"least_{key}", f"{AT_LEAST[level]:g}") for key, level in LEASTS)]
    now = "" if asked.least is None else f"{asked.least:g}"
    options = "".join(
        f'<option value="{value}"{" selected" if value == now else ""}>{escape(word(key, lang))}</option>'
        for key, value in choices
    )
    if now not in {value for _, value in choices}:
        options += f'<option value="{now}" selected>≥ {100 * float(now):.0f} %</option>'
    return (
        f'<label class="least"><span>{escape(word("least", lang))}</span>'
        f'<select data-act="least" data-key="least">{options}</select></label>'
    )


def _share(opened: Opened, asked: Asked, name: str, lang: str) -> str:
    value = getattr(asked, name)
    label, info = escape(word(name, lang)), escape(word(f"{name}_info", lang))
    trained = escape(word("as_trained", lang))
    dial = ""
    if value is not None:
        dial = (
            f'<input type="range" min="0" max="1" step="0.05" value="{value:g}" data-act="{name}" data-key="{name}"'
            f' aria-label="{label}"><output>{value:g}</output>'
        )
    pressed = str(value is None).lower()
    sent = f"{OTHERWISE:g}" if value is None else ""
    return (
        f'<div class="share"><div class="head"><span>{label}</span>'
        f'<button type="button" data-act="{name}" data-value="{sent}" aria-pressed="{pressed}" data-key="{name}-trained">'
        f'{trained}</button></div><p class="info">{info}</p><div class="dial-line">{dial}</div></div>'
    )
