"""The known attributes under the names that shops, data sets and languages give them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from catalog.vocabulary import key, known_attribute

SYNONYMS = {
    "category": """
        categories / product category / item category / clothing category / clothes category / garment category /
        clothing type / garment type / category name / カテゴリ / カテゴリー / 商品カテゴリ / 商品カテゴリー / アイテムカテゴリ /
        服種 / 衣類カテゴリ / 分類 / 商品分類 / 类别 / 分类 / 服装类别 / 類別 / Kategorie / catégorie / categoría / categoria
    """,
    "article_type": """
        product type / item type / type / article / product kind / product group / product type name / 品目 / 品種 /
        アイテム / アイテム種別 / アイテム名 / 商品種別 / 商品タイプ / 種別 / 种类 / 品类 / 商品类型 / Produktart / Artikelart
    """,
    "color": """
        base color / base colour / main color / main colour / primary color / dominant color / color name / colour name /
        colour group name / color family / color group / clothes color / clothing color / product color / color code /
        色 / カラー / 色名 / カラー名 / メインカラー / 基本色 / 本体色 / 主色 / 色味 / 色系統 / カラー系統 / カラーバリエーション /
        颜色 / 顏色 / 颜色分类 / 색상 / 색 / Farbe / Hauptfarbe / Grundfarbe / couleur / couleur principale / colore /
        kleur / cor / färg
    """,
    "pattern": """
        patterns / print / print type / pattern type / pattern name / graphical appearance / graphical appearance name /
        clothes pattern / clothing pattern / texture / texture related / fabric pattern / print or pattern type / color pattern /
        柄 / 模様 / パターン / 柄名 / 柄種 / 柄タイプ / 図案 / 花型 / 图案 / 圖案 / Muster / motif / estampado / fantasia
    """,
    "sleeve_length": """
        sleeve / sleeves / sleeve type / sleeve styling / sleeve length type / arm length / 袖丈 / 袖の長さ / 袖 / 袖タイプ /
        スリーブ丈 / スリーブ / 袖長さ / 袖长 / 袖長 / Ärmellänge / Ärmel / longueur manches / longueur des manches / manches /
        largo de manga / manga / lunghezza manica
    """,
    "neckline": "neck / neck type / neck shape / neckline type / neckline shape / 首まわりの形 / 首回り / 首元 / 首まわり",
    "neckline_design": """
        neckline style / ネックライン / ネックラインの形 / ネックタイプ / ネック / 襟ぐり / 衿ぐり / えりぐり / 首回りのデザイン /
        领口 / 领型 / 領口 / Ausschnitt / encolure / décolleté / escote / scollo
    """,
    "neck_design": "high neck / high neck design / ハイネックの形 / ハイネック / タートルネック / 高領 / 高领",
    "collar": "has collar / with collar / collar presence / 襟の有無 / 衿の有無 / 襟有無 / 襟付き",
    "collar_design": """
        collar shape / collar type / collar style / clothes collar / 襟の形 / 衿の形 / 襟 / 衿 / 襟型 / 衿型 / 襟タイプ /
        襟デザイン / 襟形 / カラータイプ / 领子 / 衣领 / Kragen / Kragenform / col / type de col
    """,
    "lapel_design": "lapel / lapels / lapel type / lapel style / ラペル / ラペルの形 / ラペル型 / 下襟 / 翻领 / Revers / revers",
    "placket": "placket type / front opening / closure placket / 前開き / 前立て / 前立 / 前あき / 门襟 / Knopfleiste",
    "necktie": "tie / has tie / wearing necktie / ネクタイ / タイ / 領帯 / 领带 / Krawatte / cravate",
    "scarf": "has scarf / wearing scarf / スカーフ / マフラー / ストール / 围巾 / Schal / foulard / écharpe",
    "skin_exposure": "skin exposed / exposure / 肌の露出 / 露出 / 肌見せ / 露出度",
    "usage": """
        use / occasion / occasions / intended use / usage occasion / wear occasion / 用途 / 着用シーン / シーン / 利用シーン /
        使用シーン / オケージョン / 场合 / 適用場合 / Anlass / occasion d'usage / ocasión
    """,
    "department": """
        gender / sex / target gender / target group / department name / index group name / 部門 / 性別 / ジェンダー / 対象 /
        対象性別 / メンズレディース / 男女 / 适用性别 / 性别 / Geschlecht / genre / género / genere
    """,
    "skirt_length": "skirt hem / skirt hemline / スカート丈 / スカートの丈 / スカート長さ / 裙长 / 裙長 / Rocklänge",
    "coat_length": "jacket length / outerwear length / コート丈 / コートの丈 / アウター丈 / ジャケット丈 / 衣长 / Mantellänge",
    "pant_length": """
        pants length / trouser length / trousers length / bottom length / leg length / パンツ丈 / パンツの丈 / ズボン丈 /
        ボトムス丈 / 裤长 / 褲長 / Hosenlänge / longueur pantalon
    """,
}
"""Known attribute → other names for it. What is only near (a season, a fit, a length in centimetres) is none of them."""

_NAMES = {
    key(name): attribute for attribute, names in SYNONYMS.items() for name in " ".join(names.split()).split(" / ")
}
_AROUND = re.compile(r"\([^()]*\)|（[^（）]*）|\[[^\[\]]*\]|【[^【】]*】")
_BEFORE = re.compile(r"^.*[:：./]\s*|^(attribute[\s_-]+)?pa_|^(attribute|属性|商品)[\s_-]*", re.IGNORECASE)


GENERAL = frozenset(
    key(name)
    for name in "label labels class class_name class_label classes tag tags value target annotation y ラベル クラス タグ "
    "分類名 標籤 标签 类别名 etikett étiquette etiqueta".split()
)
"""Names that say only that there are labels; so do `folder 1` and `column 3`, which have no name of their own."""
VALUES = {
    "color": """
        black white gray grey red blue navy navy_blue green olive yellow orange brown beige cream pink purple cyan teal gold
        silver tan maroon burgundy khaki ivory multicolor multi 黒 白 赤 青 紺 緑 黄 黄色 橙 茶 茶色 灰 灰色 紫 桃 水色 金 銀
        ブラック ホワイト レッド ブルー ネイビー グリーン イエロー オレンジ ブラウン ベージュ グレー パープル ピンク カーキ
        アイボリー ゴールド シルバー マルチカラー schwarz weiß rot blau grün gelb braun grau rosa noir blanc rouge bleu vert jaune
    """,
    "pattern": """
        solid plain stripe striped stripes check checked plaid floral dot dots polka_dots spot print printed graphic graphics
        leopard camouflage paisley 無地 ストライプ ボーダー チェック 花柄 水玉 ドット 迷彩 ヒョウ柄 ペイズリー プリント
    """,
    "sleeve_length": """
        long_sleeve short_sleeve sleeveless long_sleeves short_sleeves half_sleeve 長袖 半袖 七分袖 五分袖 ノースリーブ
    """,
    "department": "men women unisex boys girls mens womens male female メンズ レディース キッズ ユニセックス ボーイズ ガールズ",
    "article_type": """
        shirt t_shirt tshirt tee blouse top tops sweater sweatshirt hoodie cardigan jacket coat blazer suit dress skirt jeans
        pants trousers shorts leggings socks shoes sneaker boot sandal heel flats hat cap bag handbag backpack belt scarf tie
        watch wallet sunglasses kurta saree longsleeve polo outwear outerwear undershirt シャツ Tシャツ ブラウス セーター ニット
        パーカー カーディガン ジャケット コート スーツ ワンピース スカート ジーンズ パンツ 靴 スニーカー ブーツ 帽子 バッグ
    """,
}
"""Known attribute → values that tell it where its name does not."""


@dataclass(frozen=True)
class Recognised:
    """The known attribute that a column means, '' where it means none.

    how: by its spelling, as another name for it, or by the values of a column whose name says nothing.
    """

    attribute: str = ""
    how: Literal["", "spelling", "synonym", "values"] = ""


def recognise(name: str) -> Recognised:
    """`Sleeve Length`, `sleeveLength` (spelling), 袖丈, `pa_color`, `Attribute: Sleeves` (synonyms) and the like."""
    if known := known_attribute(name):
        return Recognised(known, "spelling")
    bare = _AROUND.sub("", name).strip()
    for text in dict.fromkeys((name, bare, _BEFORE.sub("", bare, count=1))):
        if found := known_attribute(text) or _NAMES.get(key(text)):
            return Recognised(found, "synonym")
    return Recognised()


def recognise_values(name: str, values: Iterable[str]) -> Recognised:
    """The attribute of a column such as `label`, of whose different values most are known ones of it: at least two, and
    four of five.
    """
    found = {_singular(value) for value in values}
    if not (key(name) in GENERAL or re.fullmatch(r"(folder|column) ?\d+", name)):
        return Recognised()
    for attribute, known in _VALUES.items():
        if len(found & known) >= max(2, 0.8 * len(found)):
            return Recognised(attribute, "values")
    return Recognised()


def _singular(value: str) -> str:
    text = key(value)
    return text[:-1] if text.endswith("s") and text.isascii() else text


_VALUES = {attribute: {_singular(value) for value in values.split()} for attribute, values in VALUES.items()}
