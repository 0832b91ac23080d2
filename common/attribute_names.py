"""Attributes as people read them, in English and in Japanese."""

from functools import lru_cache

from common.names import name_key

ATTRIBUTES = {
    "skirt length": "スカート丈",
    "sleeve length": "袖丈",
    "coat length": "コート丈",
    "pant length": "パンツ丈",
    "collar design": "襟の形",
    "lapel design": "ラペルの形",
    "neckline design": "ネックライン",
    "neck design": "ハイネックの形",
    "pattern": "柄",
    "color": "色",
    "category": "カテゴリ",
    "neckline": "首まわりの形",
    "collar": "襟の有無",
    "placket": "前開き",
    "necktie": "ネクタイ",
    "scarf": "スカーフ",
    "skin exposure": "肌の露出",
    "article type": "品目",
    "bottom": "ボトムス",
    "outer": "アウター",
    "top": "トップス",
    "usage": "用途",
    "department": "部門",
    "split": "分割",
    "price": "価格",
    "brand": "ブランド",
    "size": "サイズ",
    "season": "シーズン",
    "year": "年",
    "material": "素材",
}

_ATTRIBUTES = {name_key(name): japanese for name, japanese in ATTRIBUTES.items()}


@lru_cache(maxsize=2048)
def plain_name(name: str, lang: str) -> str:
    """An attribute or column as people read it; what has no Japanese name here as the catalog spells it."""
    plain = name.replace("_", " ")
    return _ATTRIBUTES.get(name_key(name), plain) if lang == "ja" else plain
