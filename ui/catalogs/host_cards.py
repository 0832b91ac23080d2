"""HTML of the weights that were tried, and of what is a visitor's own. Everything from outside is escaped."""

from collections.abc import Sequence
from html import escape

from library import VISIT, Entry, Share, Weights
from ui.catalogs.detail_cards import SHORT, button, when
from ui.words import word


def weights(held: Weights, lang: str) -> str:
    """The weights that were used here, those in use marked, the others with a way back to them."""
    rows = []
    for one in reversed(held.tried):
        name = one.source or word("embedded_weights", lang)
        used = one.source == held.source
        act = (
            f'<span class="badge">{escape(word("in_use", lang))}</span>'
            if used
            else button("use_weights", lang, source=one.source)
        )
        rows.append(
            f'<tr><th scope="row">{escape(name)}</th><td class="acts">{act}</td>'
            f"<td><code>{escape(one.digest[:SHORT])}</code></td><td>{escape(when(one.at))}</td></tr>"
        )
    return f'<div class="lapel-scroll"><table class="lapel-plain">{"".join(rows)}</table></div>'


def own(entries: Sequence[Entry], share: Share, admin: bool, login: bool, lang: str) -> str:
    """The limits, when what a visitor has brought ends, and how to erase it; logging in as the host where that can be done."""
    most = {"catalogs": share.uploads, "mb": f"{share.bytes >> 20:,}", "files": f"{share.files:,}"}
    hint = word("mine_hint", lang, hours=f"{VISIT / 3600:.0f}", **most)
    lines = [word("mine_ends", lang, name=one.name, time=when(one.made + VISIT)) for one in entries]
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines or [word("mine_none", lang)])
    erase = _post("v1/erase", "erase", lang, word("sure_erase", lang))
    return (
        f'<p class="lapel-hint">{escape(hint)}</p><ul class="lapel-ends">{listed}</ul><div class="acts">{erase}</div>'
        f'{_login(admin, lang) if login else ""}<p class="said" role="alert" data-lost="{escape(word("lost", lang))}"></p>'
    )


def _login(admin: bool, lang: str) -> str:
    if admin:
        return f'<p>{escape(word("mine_admin", lang))}</p><div class="acts">{_post("v1/logout", "logout", lang)}</div>'
    token = escape(word("token", lang))
    return (
        f'<form class="lapel-login"><input type="password" autocomplete="current-password" required aria-label="{token}"'
        f' placeholder="{token}"><button type="submit">{escape(word("act_login", lang))}</button></form>'
    )


def _post(path: str, act: str, lang: str, sure: str = "") -> str:
    asked = f' data-sure="{escape(sure)}"' if sure else ""
    return f'<button type="button" data-post="{path}"{asked}>{escape(word(f"act_{act}", lang))}</button>'
