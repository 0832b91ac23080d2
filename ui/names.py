"""Attribute names and values as people read them; what has no Japanese name here is shown as the catalog spells it."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from catalog import Catalog, Item, recognise
from common.attribute_names import ATTRIBUTES, plain_name
from common.names import name_key

INVISIBLE = "invisible"
"""The value of an attribute that cannot be seen in a picture."""

VALUES = {
    "invisible": "見えない",
    "short": "ショート",
    "knee": "膝丈",
    "midi": "ミディ",
    "ankle": "くるぶし丈",
    "floor": "床丈",
    "sleeveless": "ノースリーブ",
    "cup": "キャップ袖",
    "elbow": "肘丈",
    "3/4": "七分",
    "wrist": "手首丈",
    "long": "ロング",
    "extra long": "特長",
    "high waist": "ハイウエスト",
    "regular": "レギュラー",
    "micro": "マイクロ",
    "ankle & floor": "くるぶし〜床丈",
    "mid": "ミドル",
    "cropped": "クロップド",
    "full": "フル",
    "shirt collar": "シャツ襟",
    "peter pan": "ピーターパン襟",
    "puritan": "ピューリタン襟",
    "rib": "リブ襟",
    "notched": "ノッチド",
    "collarless": "襟なし",
    "shawl": "ショール",
    "plus-size shawl": "大きめショール",
    "strapless": "ストラップレス",
    "deep v": "深いV",
    "straight": "ストレート",
    "v": "Vネック",
    "v-shape": "Vネック",
    "square": "スクエア",
    "off shoulder": "オフショルダー",
    "round": "ラウンド",
    "sweetheart": "スイートハート",
    "one shoulder": "ワンショルダー",
    "turtle": "タートル",
    "ruffle semi-high": "フリルのハイネック",
    "low turtle": "ロータートル",
    "draped": "ドレープ",
    "solid": "無地",
    "plain": "無地",
    "striped": "ストライプ",
    "stripes": "ストライプ",
    "plaid": "チェック",
    "check": "チェック",
    "checked": "チェック",
    "dots": "水玉",
    "spotted": "水玉",
    "polka dots": "水玉",
    "floral": "花柄",
    "graphics": "グラフィック",
    "black": "黒",
    "white": "白",
    "gray": "グレー",
    "grey": "グレー",
    "red": "赤",
    "blue": "青",
    "navy": "紺",
    "green": "緑",
    "olive": "オリーブ",
    "yellow": "黄",
    "mustard": "マスタード",
    "orange": "オレンジ",
    "brown": "茶",
    "beige": "ベージュ",
    "camel": "キャメル",
    "cream": "クリーム",
    "pink": "ピンク",
    "purple": "紫",
    "cyan": "水色",
    "teal": "青緑",
    "burgundy": "ワインレッド",
    "more than one": "複数",
    "collar": "襟あり",
    "no collar": "襟なし",
    "placket": "前開き",
    "no placket": "前開きなし",
    "necktie": "あり",
    "no necktie": "なし",
    "scarf": "あり",
    "no scarf": "なし",
    "low": "少ない",
    "high": "多い",
    "train": "学習",
    "valid": "検証",
    "test": "テスト",
    "men": "メンズ",
    "women": "レディース",
    "unisex": "ユニセックス",
    "casual": "カジュアル",
    "formal": "フォーマル",
    "sports": "スポーツ",
    "shirt": "シャツ",
    "t-shirt": "Tシャツ",
    "sweater": "セーター",
    "jacket": "ジャケット",
    "coat": "コート",
    "dress": "ワンピース",
    "skirt": "スカート",
    "suit": "スーツ",
    "outerwear": "アウター",
    "tank top": "タンクトップ",
    "stripe": "ストライプ",
    "spot": "水玉",
    "print": "プリント",
    "multicolor": "マルチカラー",
    "other": "その他",
    "gold": "金",
    "silver": "銀",
    "steel": "スチール",
    "maroon": "えんじ",
    "navy blue": "紺",
    "tan": "黄褐色",
    "ethnic": "エスニック",
    "backpacks": "リュック",
    "belts": "ベルト",
    "briefs": "ブリーフ",
    "caps": "帽子",
    "hat": "帽子",
    "longsleeve": "長袖シャツ",
    "outwear": "アウター",
    "pants": "パンツ",
    "shoes": "靴",
    "casual shoes": "カジュアル靴",
    "flats": "フラットシューズ",
    "flip flops": "ビーチサンダル",
    "formal shoes": "革靴",
    "handbags": "ハンドバッグ",
    "heels": "ヒール",
    "innerwear vests": "肌着",
    "jackets": "ジャケット",
    "jeans": "ジーンズ",
    "kurtas": "クルタ",
    "kurtis": "クルティ",
    "sandals": "サンダル",
    "shirts": "シャツ",
    "shorts": "ショートパンツ",
    "socks": "靴下",
    "sports shoes": "運動靴",
    "sunglasses": "サングラス",
    "sweaters": "セーター",
    "sweatshirts": "スウェット",
    "ties": "ネクタイ",
    "tops": "トップス",
    "track pants": "トラックパンツ",
    "trousers": "ズボン",
    "tshirts": "Tシャツ",
    "wallets": "財布",
    "watches": "腕時計",
}


_VALUES = {name_key(value): japanese for value, japanese in VALUES.items()}


def attribute_name(name: str, lang: str, among: Iterable[str] = ()) -> str:
    """An attribute or column as people read it; as it is written where another one of `among` would read the same."""
    shown = plain_name(name, lang)
    alike = any(other != name and plain_name(other, lang) == shown for other in among)
    return name if alike else shown


def attribute_called(text: str, lang: str) -> str:
    """The attribute that is meant by a name that people use, in any language (`袖丈` → `sleeve_length`), or that
    `attribute_name` gives; the text itself where none is known."""
    shown = (name for name in ATTRIBUTES if plain_name(name, lang) == text)
    return recognise(text).attribute or next(shown, text)


def value_name(value: str, lang: str, among: Iterable[str] = ()) -> str:
    """A value as people read it. among: the values of its attribute or column; where another one of them would read the
    same (`navy` and `紺`), both are shown as they are written, since they are two."""
    shown = _value_name(value, lang)
    return value if _shared(among if isinstance(among, tuple) else tuple(among), lang).get(shown, 0) > 1 else shown


@lru_cache(maxsize=512)
def _shared(values: tuple[str, ...], lang: str) -> Counter[str]:
    """What is read of values → of how many of them."""
    return Counter(_value_name(value, lang) for value in set(values))


@lru_cache(maxsize=8192)
def _value_name(value: str, lang: str) -> str:
    plain = value.replace("_", " ")
    return _VALUES.get(name_key(value), plain) if lang == "ja" else plain


def labelled(attribute: str, value: str, lang: str, among: Iterable[str] = ()) -> str:
    """An attribute with its value: "collar: yes", 「襟：あり」. among: as of `value_name`."""
    colon = "：" if lang == "ja" else ": "
    return f"{attribute_name(attribute, lang)}{colon}{value_name(value, lang, among)}"


def values_of(catalog: Catalog, attribute: str) -> tuple[str, ...]:
    """The values of an attribute of a catalog, that `value_name` tells apart; none where it has no such attribute."""
    return next((one.values for one in catalog.attributes if one.name == attribute), ())


def item_label(item: Item, lang: str) -> str:
    """What an item looks like, by its labels, for those who do not see the picture; its id where it has none."""
    seen = [labelled(name, value, lang) for name, value in item.labels.items() if value.lower() != INVISIBLE]
    return ("、" if lang == "ja" else ", ").join(seen) or item.id
