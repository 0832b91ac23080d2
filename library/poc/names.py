"""A sheet whose attributes are called as people call them; JSON keeps the names of the catalog."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from common.attribute_names import plain_name
from library.poc.sheet import Sheet

Called = Callable[[str], str]
"""What people call a name of the catalog."""


SPLITS = {"train": "学習", "valid": "検証", "test": "テスト"}


def called(sheet: Sheet, lang: str) -> Sheet:
    """A sheet with the names that attributes and splits have in a language."""
    return named(
        sheet, partial(plain_name, lang=lang), lambda split: SPLITS.get(split, split) if lang == "ja" else split
    )


def named(sheet: Sheet, attribute: Called, split: Called) -> Sheet:
    """A sheet as it is shown; attributes keep their names where two would be called alike. attribute, split: what
    people call one."""
    those = [*(one.attribute for one in sheet.gains), *(one.attribute for one in sheet.curves)]
    names = {name: attribute(name) for name in (*those, *(one.attribute for one in sheet.passed_over))}
    shown = replace(sheet, split=split(sheet.split))
    if len(set(names.values())) < len(names):
        return shown
    return replace(
        shown,
        gains=tuple(replace(one, attribute=names[one.attribute]) for one in sheet.gains),
        curves=tuple(replace(one, attribute=names[one.attribute]) for one in sheet.curves),
        passed_over=tuple(replace(one, attribute=names[one.attribute]) for one in sheet.passed_over),
    )
