"""What a folder is, told by its files and the columns of its table, and what the columns are then."""

from collections.abc import Iterable
from typing import Literal

from catalog.files import Files
from catalog.layout import Layout
from catalog.vocabulary import key

Role = Literal["attribute", "filter", "title", "text", "split", "id", "image", "more", "group", "ignore"]
ROLES: tuple[Role, ...] = (
    *("attribute", "filter", "title", "text", "split"),
    *("id", "image", "more", "group", "ignore"),
)
PRESETS = (
    *("lapel", "imagefolder", "folders", "shopify", "woocommerce", "google", "kaggle", "fashionai", "deepfashion"),
    *("darn", "asfr", "table", "images"),
)
_MARKS: dict[str, tuple[set[str], int]] = {
    "shopify": ({"handle", "imagesrc", "variantsku", "body(html)", "option1name", "option1value", "imageposition"}, 3),
    "woocommerce": (
        {"images", "sku", "type", "regularprice", "attribute1name", "inpublished?", "published", "parent"},
        4,
    ),
    "google": ({"imagelink", "additionalimagelink", "availability", "googleproductcategory", "itemgroupid", "gtin"}, 2),
    "kaggle": ({"mastercategory", "subcategory", "articletype", "basecolour", "productdisplayname"}, 3),
}
"""Preset → columns (by `key`) that its exports have, and how many of them there must be."""
PUBLISHED = ("fashionai", "deepfashion", "darn", "asfr")
"""Data sets whose labels may be numbers."""

_ROLES: dict[str, dict[str, Role]] = {
    "shopify": {
        **dict.fromkeys(("type", "productcategory", "customproducttype", "standardproducttype"), "attribute"),
        **dict.fromkeys(("vendor", "status", "published", "giftcard", "tags"), "filter"),
        **dict.fromkeys(("imageposition", "variantposition", "variantgrams", "variantinventoryqty"), "ignore"),
        **dict.fromkeys(("variantinventorytracker", "variantinventorypolicy", "variantfulfillmentservice"), "ignore"),
        **dict.fromkeys(("variantrequiresshipping", "varianttaxable", "variantweightunit", "varianttaxcode"), "ignore"),
    },
    "woocommerce": {
        **dict.fromkeys(("type", "published", "isfeatured?", "visibilityincatalog", "taxstatus", "taxclass"), "filter"),
        **dict.fromkeys(("instock?", "backordersallowed?", "soldindividually?", "allowcustomerreviews?"), "filter"),
        **dict.fromkeys(("position", "stock", "lowstockamount"), "ignore"),
    },
    "google": {
        **dict.fromkeys(("producttype", "color", "pattern", "gender"), "attribute"),
        **dict.fromkeys(("availability", "condition", "brand", "agegroup", "size", "sizetype", "sizesystem"), "filter"),
        **dict.fromkeys(("adult", "isbundle", "identifierexists", "material", "googleproductcategory"), "filter"),
    },
    "kaggle": {
        **dict.fromkeys(("gender", "mastercategory", "subcategory", "articletype", "basecolour", "usage"), "attribute"),
        **dict.fromkeys(("season", "year"), "filter"),
    },
}
"""Preset → column (by `key`) → what it is, where its texts do not speak against it."""


def detect(layout: Layout, files: Files) -> str:
    """The preset of what is read."""
    if not layout.parts:
        return "folders" if any("/" in image for image in files.images) else "images"
    table = layout.parts[0].fit.table
    if table.form:
        return table.form
    if (marked := by_columns(table.header)) is not None:
        return marked
    name = table.name.rpartition("/")[2].lower().rpartition(".")[0]
    if name == "metadata" or {"file_name", "_file_name"} & set(table.header):
        return "imagefolder"
    return "lapel" if name == "catalog" and {"id", "image"} <= set(table.header) else "table"


def by_columns(header: Iterable[str]) -> str | None:
    """The shop system or data set that names its columns so."""
    keys = {key(name) for name in header}
    found = {preset: len(keys & marks) for preset, (marks, least) in _MARKS.items() if len(keys & marks) >= least}
    return max(found, key=lambda preset: found[preset]) if found else None


def role_of(preset: str, column: str) -> Role | None:
    """What a column of a preset is; None where its texts have to tell."""
    return _ROLES.get(preset, {}).get(key(column))
