"""Parts of a picture that an attribute is about, and what shows or hides them: one table.

A part is what must be in the picture for an attribute to be seen. Article types, categories, drawn
garments and the garment names of pixel masks each say of some parts that they are there or not.
"""

from collections.abc import Iterable, Mapping

PARTS: dict[str, tuple[str, ...]] = {
    "upper": ("category", "scarf", "skin_exposure"),
    "sleeve": ("sleeve_length",),
    "neck": ("neckline", "collar", "necktie", "neckline_design", "collar_design", "neck_design"),
    "front": ("placket",),
    "coat": ("coat_length", "lapel_design"),
    "skirt": ("skirt_length",),
    "trousers": ("pant_length",),
}
"""Part → the attributes that need it. Attributes of no part (color, pattern, article_type, usage,
department) can be seen on every picture.

upper: a garment of the torso; sleeve: its shoulders and arms; neck: its neck; front: its front;
coat: a coat, jacket or blazer; skirt: the hem of a skirt or dress; trousers: legs of trousers or
shorts."""

Evidence = Mapping[str, bool]
"""Part → whether it is there; a part that is missing is unknown."""

NOTHING: Evidence = dict.fromkeys(PARTS, False)
TORSO: Evidence = dict.fromkeys(("upper", "sleeve", "neck", "front"), True)
TOP: Evidence = {**TORSO, "coat": False, "skirt": False, "trousers": False}
LONG_TOP: Evidence = {**TORSO, "coat": False, "trousers": False}
"""A tunic: whether its hem is that of a skirt is a matter of taste."""
NO_COAT: Evidence = {**TORSO, "coat": False}
JACKET: Evidence = {**TORSO, "coat": True, "skirt": False, "trousers": False}
LEGS: Evidence = {**NOTHING, "trousers": True}

ARTICLE_TYPES: dict[str, Evidence] = {
    **dict.fromkeys(("tshirts", "shirts", "tops", "sweaters", "sweatshirts", "innerwear vests"), TOP),
    **dict.fromkeys(("kurtas", "kurtis"), LONG_TOP),
    "jackets": JACKET,
    **dict.fromkeys(("trousers", "jeans", "track pants", "shorts"), LEGS),
    "briefs": {part: False for part in PARTS if part != "trousers"},
    "ties": {part: False for part in PARTS if part not in ("upper", "neck")},
    **dict.fromkeys(("casual shoes", "sports shoes", "formal shoes", "heels", "flats"), NOTHING),
    **dict.fromkeys(("flip flops", "sandals", "socks", "caps", "belts", "backpacks"), NOTHING),
    **dict.fromkeys(("handbags", "wallets", "watches", "sunglasses"), NOTHING),
}
"""Article types of product photographs, which show one garment, or little of another."""

CATEGORIES: dict[str, Evidence] = {
    **dict.fromkeys(("shirt", "t-shirt", "tank top", "sweater"), NO_COAT),
    "dress": {**TORSO, "coat": False, "skirt": True, "trousers": False},
    "suit": {**TORSO, "coat": True, "skirt": False, "trousers": True},
    "outerwear": {**TORSO, "coat": True},
}
"""Categories of people in the street. They name the outermost garment of the upper body; what
is worn below is known of a dress and of a suit alone (few suits have a skirt)."""

DRAWN: tuple[tuple[tuple[str, ...], Evidence], ...] = (
    (("pant_length",), {"trousers": True, "skirt": False, "coat": False}),
    (("coat_length", "lapel_design"), {**TORSO, "coat": True}),
    (("skirt_length",), {"skirt": True, "trousers": False, "coat": False}),
    (("neckline_design", "collar_design", "neck_design"), {**TORSO, "coat": False}),
)
"""Attributes that a drawn garment shows → what that says; the first that it shows counts, and a
skirt that shows a neckline too is a dress. What a drawn garment is worn with is not labelled."""

MASKS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "trousers": (
        frozenset({"pants", "jeans", "shorts"}),
        frozenset({"leggings", "tights", "stockings", "suit", "romper", "bodysuit"}),
    ),
    "skirt": (frozenset({"skirt", "dress"}), frozenset({"romper", "suit", "intimate"})),
    "coat": (
        frozenset({"coat", "blazer", "jacket"}),
        frozenset({"suit", "cape", "cardigan", "vest", "hoodie"}),
    ),
}
"""Part → garments of a pixel mask that show it, and garments that leave it open."""

LEAST = 0.01
"""Share of the picture that a garment of a pixel mask must fill to count as seen."""


def part_of(attribute: str) -> str | None:
    """The part that an attribute needs; None where every picture shows it."""
    return next((part for part, names in PARTS.items() if attribute in names), None)


def of_drawn(shown: Iterable[str]) -> Evidence:
    """What is known of a drawn garment on which these attributes are labelled and not `invisible`."""
    shown = set(shown)
    found = next((dict(evidence) for names, evidence in DRAWN if shown & set(names)), {})
    worn_above = {"neckline_design", "collar_design", "neck_design"}
    return {**found, **TORSO} if "skirt_length" in shown and shown & worn_above else found


def of_mask(shares: Mapping[str, float]) -> Evidence:
    """What a pixel mask says: garment → its share of the picture (missing: none).

    A part is there when one of its garments fills `LEAST`, and absent when not a pixel of those, or
    of those that leave it open, is there.
    """
    found = {}
    for part, (shows, leaves_open) in MASKS.items():
        if any(shares.get(name, 0) >= LEAST for name in shows):
            found[part] = True
        elif not any(shares.get(name, 0) for name in shows | leaves_open):
            found[part] = False
    return found


FAMILIES = (
    ("category", "article_type"),
    ("neckline", "neckline_design", "neck_design"),
    ("collar", "collar_design", "lapel_design", "neck_design"),
)
"""Attributes that say much the same of a garment, under other names and values."""


def family(attribute: str) -> frozenset[str]:
    """The attributes of its families, itself included."""
    return frozenset((attribute, *(name for names in FAMILIES if attribute in names for name in names)))
