"""What is asked of an import: which table, what its columns are, which mends are on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, get_args

from catalog.errors import CatalogError
from catalog.labels import Several
from catalog.mending import MENDS, TwinsAs
from catalog.presets import PRESETS, ROLES, Role

ALONE = ("title", "split", "id", "image", "group")
"""Roles that one column has at most."""


@dataclass(frozen=True)
class Wish:
    """How files become a catalog; what is left out is found by looking.

    preset: what the files are. table: the file to read. image: a pattern of the images' paths, such as
    `images/{id}.jpg`. roles: column → what it is. names: column → the attribute it is taken for, '' for
    its own name. mends: keys of the mends that are on (`catalog.mending.key_of`). several: what mending
    makes of a label with several values. twins: what mending makes of items with the same picture.
    Columns are called as the file writes them. Columns and tables that are not there are passed over,
    so that one wish serves later files too.
    """

    preset: str | None = None
    table: str | None = None
    image: str | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    mends: frozenset[str] = frozenset()
    several: Several = "blank"
    twins: TwinsAs = "first"

    def with_role(self, column: str, role: Role | None) -> "Wish":
        """With another role of a column, None for the one that is proposed; another column loses it where it is
        one that a single column has.
        """
        kept = {name: other for name, other in self.roles.items() if name != column}
        if role in ALONE:
            kept = {name: other for name, other in kept.items() if other != role}
        return replace(self, roles=kept | ({column: role} if role else {}))

    def with_name(self, column: str, attribute: str | None) -> "Wish":
        """With the attribute that a column is taken for: '' for its own name, None for the one that is proposed."""
        kept = {name: other for name, other in self.names.items() if name != column}
        return replace(self, names=kept | ({} if attribute is None else {column: attribute}))

    def with_mend(self, key: str, on: bool) -> "Wish":
        """With a mend switched on or off."""
        return replace(self, mends=self.mends | {key} if on else self.mends - {key})

    def to_dict(self) -> dict[str, Any]:
        """What JSON has of it."""
        own = {part.name: getattr(self, part.name) for part in fields(self)}
        return {**own, "roles": dict(self.roles), "names": dict(self.names), "mends": sorted(self.mends)}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> "Wish":
        """As `to_dict` gave it; what is not known is passed over. CatalogError when a value is of the wrong kind."""
        known = {part.name: found[part.name] for part in fields(cls) if part.name in found}
        _check(known)
        return cls(**{**known, "mends": frozenset(known.get("mends", ()))})


def _check(known: Mapping[str, Any]) -> None:
    for name in ("preset", "table", "image"):
        if not isinstance(known.get(name), str | None):
            raise CatalogError(f"a wish has a text as '{name}', not {known[name]!r}")
    for name in ("roles", "names"):
        if not _texts(known.get(name, {})):
            raise CatalogError(f"a wish has a column's text in '{name}' for each column, not {known[name]!r}")
    if not isinstance(mends := known.get("mends", ()), list | tuple | frozenset | set) or not all(
        isinstance(key, str) and key.partition(":")[0] in MENDS for key in mends
    ):
        raise CatalogError(f"a wish has a list of mends as 'mends', of the kinds {', '.join(MENDS)}")
    choices: dict[str, tuple[str | None, ...]] = {
        "preset": (None, *PRESETS),
        "several": get_args(Several),
        "twins": get_args(TwinsAs),
    }
    for name, allowed in choices.items():
        if name in known and known[name] not in allowed:
            raise CatalogError(f"a wish has one of {', '.join(filter(None, allowed))} as '{name}'")
    for column, role in known.get("roles", {}).items():
        if role not in ROLES:
            raise CatalogError(f"'{role}' is no role of the column '{column}'; there are: {', '.join(ROLES)}")


def _texts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(v, str) for pair in value.items() for v in pair)
