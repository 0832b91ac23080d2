"""The list in which a label of an item is chosen, and what a choice in it means. Everything from outside is escaped."""

from collections.abc import Sequence
from html import escape

from catalog import Item
from common.names import name_key
from library import UNSEEN as CANNOT_BE_SEEN
from library import Given, Ledger, standing
from ui.names import INVISIBLE, attribute_name, labelled, value_name
from ui.words import word

UNSEEN, NONE, OTHER, VALUE = ":unseen", ":none", ":other", ":value:"
"""Choices for a label; what is written into the field begins with none of them."""


def label_list(
    act: str, attribute: str, values: Sequence[str], value: str | None, unseen: bool, lang: str, said: str = ""
) -> str:
    """A list with no label, cannot be seen, the values, and one to be written; `value` or `unseen` is what holds.

    act: what the server hears. said: what the list is called, by default as the attribute.
    """
    values = tuple(values)
    choices = [(NONE, word("unlabelled", lang))]
    if unseen or invisible(values) is None:
        choices.append((UNSEEN, word("cannot_be_seen", lang)))
    choices += [(VALUE + one, value_name(one, lang, values)) for one in values]
    choices.append((OTHER, word("another_value_field", lang)))
    chosen = VALUE + value if value else UNSEEN if unseen else NONE
    options = "".join(
        f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>{escape(text)}</option>'
        for key, text in choices
    )
    name = escape(said or attribute_name(attribute, lang))
    return (
        f'<select data-act="{act}" data-attribute="{escape(attribute)}" data-key="{act}-{escape(attribute)}"'
        f' data-other="{escape(word("write_value", lang))}" aria-label="{name}">{options}</select>'
    )


def invisible(values: Sequence[str]) -> str | None:
    """The value by which a catalog itself says that an attribute cannot be seen; None where it has none, so that ours is
    offered."""
    return next((value for value in values if name_key(value) == INVISIBLE), None)


def without_invisible(values: Sequence[str]) -> list[str]:
    """Values that weights know, without their own for what cannot be seen, which is the weights' and not the catalog's."""
    return [value for value in values if name_key(value) != INVISIBLE]


def chosen_label(chosen: str) -> str | None:
    """The label that a choice gives: a value, `library.UNSEEN`, or None for no label."""
    if chosen == UNSEEN:
        return CANNOT_BE_SEEN
    if chosen == NONE:
        return None
    written = chosen.removeprefix(VALUE) if chosen.startswith(VALUE) else " ".join(chosen.split())
    return written or None


def last_given(ledger: Ledger, item: Item, attribute: str, why: str) -> Given | None:
    """The label that was given to an item last, if it holds and was given for that reason."""
    given = [one for one in standing(ledger.given) if (one.item, one.attribute) == (item.id, attribute)]
    return given[-1] if given and given[-1].why == why else None


def cannot_be_seen(ledger: Ledger, item: Item, attribute: str) -> bool:
    """Whether that was said of the item last."""
    given = [one.value for one in ledger.given if (one.item, one.attribute) == (item.id, attribute)]
    return bool(given) and given[-1] == CANNOT_BE_SEEN


def saved_line(given: Given | None, act: str, lang: str, undone: bool = False, values: Sequence[str] = ()) -> str:
    """What was saved, with a way to take it back. values: those of its attribute."""
    if given is None:
        said = word("said_undone", lang) if undone else ""
        return f'<span class="lapel-saved" aria-live="polite">{escape(said)}</span>'
    if given.value:
        label = labelled(given.attribute, given.value, lang, values)
    else:
        name, colon = attribute_name(given.attribute, lang), "：" if lang == "ja" else ": "
        label = name + colon + word("unlabelled" if given.value is None else "cannot_be_seen", lang)
    undo = (
        f'<span class="acts"><button type="button" data-act="{act}" data-attribute="{escape(given.attribute)}"'
        f' data-key="{act}">{escape(word("undo_label", lang))}</button></span>'
    )
    said = escape(word("label_saved", lang, label=label))
    return f'<span class="lapel-saved" aria-live="polite"><span>{said}</span> {undo}</span>'
