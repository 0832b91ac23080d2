"""The names that people give to columns, splits and missing labels."""

import re
from functools import lru_cache

from common.names import name_key

KNOWN_ATTRIBUTES = (
    "category",
    "sleeve_length",
    "neckline",
    "collar",
    "placket",
    "pattern",
    "color",
    "necktie",
    "scarf",
    "skin_exposure",
    "article_type",
    "usage",
    "department",
    "skirt_length",
    "coat_length",
    "pant_length",
    "neckline_design",
    "collar_design",
    "neck_design",
    "lapel_design",
)
"""Attributes of the weights that come with Lapel, as the weights spell them."""

SPLITS = {
    "train": ("train", "training", "trn", "学習", "訓練"),
    "valid": ("valid", "val", "validation", "dev", "development", "eval", "検証"),
    "test": ("test", "testing", "tst", "テスト", "評価"),
}
"""Split → the names that it goes by."""

IMAGE_COLUMNS = (
    "image file_name filename file image_path img_path path filepath file_path image_file image_filename image_name "
    "imagename img image_file_name picture pictures picture_file photo photos photo_file pic images image_files "
    "image_src image_url image_link image_1 image1 img_url main_image main_image_url picture_url photo_url "
    "product_image primary_image featured_image variant_image thumbnail thumb 画像 画像ファイル 画像ファイル名 "
    "画像名 画像パス 画像url 商品画像 ファイル名 ファイル 写真 写真ファイル イメージ"
).split()
ID_COLUMNS = (
    "id item_id product_id article_id sku variant_sku product_code item_code article_code article_number style_id "
    "style_code item_number product_number code barcode ean jan gtin upc asin uid uuid 商品番号 商品コード 商品id 品番 "
    "管理番号 型番 janコード"
).split()
SPLIT_COLUMNS = "split subset partition fold set dataset_split usage_split 分割 データ分割".split()
MORE_COLUMNS = (
    "more more_images additional_image_link additional_image_links additional_image additional_images "
    "additional_image_urls additional_image_url other_images other_image other_image_url extra_images gallery "
    "gallery_images gallery_image image_gallery alternate_images alternate_image alt_images detail_images images "
    "back_image image_back detail_image side_image 追加画像 追加画像url サブ画像 サブ画像url その他画像 詳細画像 商品画像一覧"
).split()
TITLE_COLUMNS = (
    "title product_title product_display_name productdisplayname product_name productname item_name display_name name "
    "商品名 品名 商品名称 名称 タイトル 商品タイトル"
).split()

TEXT_COLUMNS = (
    "name product_name productname product_title item_name display_name product_display_name productdisplayname "
    "description desc product_description body body_(html) body_html details detail caption text comment comments note "
    "notes remarks memo keywords seo_title seo_description handle slug url link href website product_url page image_url "
    "image_alt_text file_name filename address email 商品名 品名 名称 説明 商品説明 説明文 詳細 備考 メモ リンク コメント"
).split()
NOTE_COLUMNS = (
    "description desc product_description body body_(html) body_html comment comments note notes memo memos remark "
    "remarks review reviews feedback keywords seo_title seo_description 説明 商品説明 説明文 備考 備考欄 メモ 社内メモ "
    "コメント 摘要 特記事項 レビュー 感想"
).split()
"""Columns of what somebody writes about an item, whatever stands in them."""
PRODUCT_COLUMNS = (
    "product_title product_display_name productdisplayname product_name productname item_name 商品名 商品名称 商品タイトル"
).split()
"""Columns of the names of products, whatever stands in them; `name` and the like may be a label."""
PRICE_COLUMNS = (
    "price sale_price regular_price list_price variant_price variant_compare_at_price compare_at_price msrp rrp cost "
    "cost_per_item unit_price amount 価格 定価 単価 値段 販売価格 税込価格 税抜価格 原価"
).split()

MARKERS = frozenset("nan n/a n.a. na #n/a #na <na> #n/a! nat null (null) undefined missing".split()) | {
    *("-", "--", "---", "–", "—", "―", "ー", "−", "?", "??", "？", "...", "…", "*"),
    *("not available", "not applicable", "no data", "データなし", "未入力", "未設定", "未登録"),
    *("unknown", "tbd", "todo", "不明"),
}
"""Texts that stand for a missing label, in lower case; `None` as Python writes it counts too."""
DOUBTFUL = frozenset({"none", "nil", "なし", "無し", "無", "該当なし"})
"""Texts that may stand for a missing label or be a value (`none` of collars)."""

_NUMBERED = re.compile(
    r"(image|img|picture|pic|photo|imageurl|imagelink|imagesrc|additionalimage(link|url)?|画像|写真|サブ画像|商品画像)"
    r"_?([2-9]|1\d)$"
)
_BRITISH = {"colour": "color", "colours": "color", "colors": "color"}
_ATTRIBUTES = {name_key(name).replace(" ", ""): name for name in KNOWN_ATTRIBUTES} | _BRITISH
_SPLITS = {name_key(name): split for split, names in SPLITS.items() for name in names}


def key(name: str) -> str:
    """As `name_key`, without the blanks too: `file_name`, `File Name` and `filename` are one; and without the `g:`
    that feeds of Google Merchant Center put before every name.
    """
    return name_key(name).replace(" ", "").removeprefix("g:")


def rank(name: str, names: list[str]) -> int | None:
    """Place of a column's name among names; None when it is none of them."""
    keys = [key(other) for other in names]
    return keys.index(key(name)) if key(name) in keys else None


def is_more(name: str) -> bool:
    """Whether a column is called further images of an item: `additional_image_link`, `image_2`, `Photo3`, `画像2`."""
    return rank(name, MORE_COLUMNS) is not None or _NUMBERED.match(key(name)) is not None


@lru_cache(maxsize=4096)
def known_split(name: str) -> str | None:
    """train, valid or test for the names that they go by; None for another name."""
    return _SPLITS.get(name_key(name))


def known_attribute(name: str) -> str | None:
    """An attribute as the weights spell it (`Sleeve Length` → `sleeve_length`); None for another name."""
    return _ATTRIBUTES.get(key(name))


def is_marker(value: str) -> bool:
    """Whether a value stands for a missing label."""
    return value.strip().casefold() in MARKERS or value == "None"


def is_doubtful(value: str) -> bool:
    """Whether a value may stand for a missing label."""
    return value.strip().casefold() in DOUBTFUL and not is_marker(value)


def split_of(path: str) -> tuple[int, str | None]:
    """How many folders of a path lead to those below its split, and the split: `data/train/a.jpg` → 2, train.

    0 and None where no folder is named after a split.
    """
    for place, folder in enumerate(path.split("/")[:-1], 1):
        if split := known_split(folder):
            return place, split
    return 0, None
