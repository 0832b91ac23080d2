"""What the look before an import says: why a column is taken for what, what is wrong, what a mend does."""

WHY = {
    "why-image": "its texts lead to the images",
    "why-more": "its texts lead to further images of the item",
    "why-id": "the ids by its name, and another text in every row",
    "why-split": "its texts name splits",
    "why-title": "the title by its name",
    "why-group": "later rows with the same text leave blank what the first says: they are further pictures of it",
    "why-known": "the known attribute '{attribute}'",
    "why-listed": "attributes.json lists its values",
    "why-unlisted": "attributes.json says that it is no attribute",
    "why-values": "{count} different values in {labels} labels",
    "why-empty": "no item is labelled",
    "why-addresses": "web addresses",
    "why-prices": "prices",
    "why-dates": "dates",
    "why-markup": "text with markup",
    "why-structured": "structured data",
    "why-numbers": "{count} different numbers",
    "why-free-text": "free text, {count} different values in {labels} labels",
    "why-long": "long texts, {count} different values in {labels} labels",
    "why-named": "ids or texts by its name, {count} different values in {labels} labels",
    "why-unique": "hardly a value repeats, {count} different values in {labels} labels",
    "why-quantities": "quantities, {count} different values in {labels} labels",
    "why-unnamed": "it has no name",
    "why-named-twice": "another column has its name",
    "why-variants": "it only tells the rows of a product apart",
    "why-product": "it names the product of a row",
    "why-option": "the option is an attribute of its own",
    "why-one-value": "it has one value, which tells no items apart",
    "why-mask": "the masks of the images",
}
"""Kind → why a column has its role."""

PROBLEMS = {
    "problem-unreadable": "pictures that cannot be read: {count} ({examples})",
    "problem-twins": "pictures that are, byte for byte, in an earlier item too: {count} ({examples})",
    "problem-id-twice": "rows with an id that an earlier row has, so that a number is put behind it: {count} ({examples})",
    "problem-near-equal": "labels of '{column}' that differ from others only in case, blanks or width: {count} ({examples})",
    "problem-markers": "labels of '{column}' that say that there is none: {count} ({examples})",
    "problem-doubtful": "labels of '{column}' that may say that there is none: {count} ({examples})",
    "problem-several": "labels of '{column}' that name several values: {count} ({examples})",
    "problem-single-images": "values of '{column}' with a single item, so that a query by them finds nothing: {count} "
    "({examples})",
    "problem-one-value": "'{column}' has one value alone, which tells no items apart: {examples}",
    "problem-many-values": "different values of '{column}', too many to learn or to choose from: {count} ({examples})",
    "problem-group-differs": "items whose rows differ in '{column}', so that the first row's label is taken: {count} "
    "({examples})",
    "problem-cells": "rows with a cell that holds the delimiter without quotes around it: {count} ({examples})",
    "problem-cells-lost": "rows that are left out, since they have more cells than columns: {count} ({examples})",
    "problem-quotes": "rows that are left out, since their quotes do not match: {count} ({examples})",
    "problem-json": "lines that are left out, since they are no JSON objects: {count} ({examples})",
    "problem-missing": "rows that are left out, since their image is not there: {count} ({examples})",
    "problem-blank-image": "rows that are left out, since they name no image: {count} ({examples})",
    "problem-address": "rows that are left out, since web addresses are not fetched: {count} ({examples})",
    "problem-outside": "rows that are left out, since the path of their image leads out of the catalog: {count} ({examples})",
    "problem-repeated": "rows that are left out, since an earlier row says the same: {count} ({examples})",
    "problem-sides": "images whose names say that they show an item that another image shows too: {count} ({examples})",
    "problem-unused-images": "images that no row names: {count} ({examples})",
    "problem-unlabelled": "no column is an attribute, so that no item has a label: {count}",
}
"""Kind → what is wrong."""

MENDS = {
    "mend-unreadable": "leave them out",
    "mend-twins-first": "keep the first and leave the others out",
    "mend-twins-group": "make their items one",
    "mend-id-twice": "make the rows of one id one item with several pictures",
    "mend-near-equal": "take the commonest spelling for all",
    "mend-markers": "make them blank",
    "mend-doubtful": "make them blank",
    "mend-several-blank": "make them blank",
    "mend-several-first": "take the first value",
    "mend-several-commonest": "take the value that most items have",
    "mend-single-images": "make these labels blank",
    "mend-one-value": "keep the column, but not as an attribute",
    "mend-many-values": "keep the column, but not as an attribute",
    "mend-group-differs": "make these labels blank",
    "mend-cells": "put the cells together again",
    "mend-sides": "make them one item with several pictures",
    "mend-unused-images": "take them as items without labels",
}
"""Kind → what switching the mend on does."""

PRESETS = {
    "preset-lapel": "a catalog of Lapel",
    "preset-imagefolder": "ImageFolder of the Hugging Face Hub",
    "preset-folders": "a folder for each label",
    "preset-shopify": "product export of Shopify",
    "preset-woocommerce": "product export of WooCommerce",
    "preset-google": "feed of Google Merchant Center",
    "preset-kaggle": "Fashion Product Images of Kaggle",
    "preset-fashionai": "FashionAI",
    "preset-deepfashion": "DeepFashion",
    "preset-darn": "DARN",
    "preset-asfr": "split files of published experiments",
    "preset-table": "a table with images",
    "preset-images": "images alone",
}
"""Kind → what the files were taken for."""

ROLE_NAMES = {
    "role-attribute": "attribute",
    "role-filter": "filter",
    "role-title": "title",
    "role-text": "text",
    "role-split": "split",
    "role-id": "id",
    "role-image": "image",
    "role-more": "further images",
    "role-group": "one item each",
    "role-ignore": "not used",
}
"""Kind → what a column is."""

SENTENCES = {**WHY, **PROBLEMS, **MENDS, **PRESETS, **ROLE_NAMES}
