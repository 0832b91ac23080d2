"""What our own errors say, in the visitor's language, without the places of files on the server."""

import re

from ui.designs_refusals import DESIGNS_JAPANESE
from ui.library_refusals import LIBRARY_JAPANESE

JAPANESE: tuple[tuple[str, str], ...] = (
    # pictures
    (r"is empty \(0 bytes\)", "ファイルが空です。"),
    (
        r"is larger than (?P<most>[\d,.]+) ?MB; make",
        "ファイルが大きすぎます。{most}MBまでの画像を選んでください。",
    ),
    (
        r"pixels.*at most (?P<most>[\d,]+)",
        "画素数が多すぎます。{most}画素までに縮小してください。",
    ),
    (r"has no pixels", "画素のない画像です。"),
    (
        r"is not an? [A-Z].* image",
        ("画像として読み込めないファイルです。JPEG、PNG、WebP、AVIF、HEIC、BMP、GIF、TIFFのいずれかを選んでください。"),
    ),
    (r"is damaged or incomplete", "画像が壊れているか、途中までしかありません。"),
    (r"does not exist", "ファイルがありません。"),
    (
        r"no longer on the server|not one that was given here",
        "画像がサーバーに残っていません。もう一度選んでください。",
    ),
    # questions
    (r"has no item '(?P<id>.*)'", "カタログにアイテム「{id}」はありません。"),
    (r"image of item '(?P<id>.*?)' cannot be read", "アイテム「{id}」の画像は読み込めません。"),
    (
        r"every weight is 0",
        "重みがすべて0です。1つ以上の属性に0より大きい重みを付けてください。",
    ),
    (
        r"know the attribute '(?P<name>.*?)'; .*?: (?P<known>.*)",
        "「{name}」という属性はありません。使える属性：{known}",
    ),
    (
        r"'(?P<name>.*?)' has no value '(?P<value>.*?)' in this catalog; it has: (?P<known>.*)",
        "「{name}」に「{value}」という値はありません。あるのは：{known}",
    ),
    (
        r"has no column '(?P<name>.*?)'; it has: (?P<known>.*)",
        "カタログに「{name}」という項目はありません。あるのは：{known}",
    ),
    (
        r"'(?P<name>.*?)' has no match level here",
        "この条件では「{name}」の一致の可能性を計算できません。下限を「指定なし」にしてください。",
    ),
    (r"nothing to embed", "画像を読み込めるアイテムがカタログにありません。"),
    # the app
    (r"still starting|not loaded", "起動中です。少し待ってください。"),
    (
        r"unknown device '(?P<name>.*?)'",
        "「{name}」という計算装置はありません。auto、cuda、mps、cpuのいずれかを指定してください。",
    ),
    (r"cannot write the embedding", "キャッシュのフォルダーに書き込めません。"),
    # reports
    (
        r"(is|that is) no report|the report '.*' (is damaged|cannot be read)",
        "レポートとして読み込めません。`python -m eval run`が作ったJSONファイルを選んでください。",
    ),
)
"""Part of a message → how it is said in Japanese; the first that is found counts."""


def told(error: object, lang: str) -> str:
    """A message in a visitor's language; what has no Japanese here is a general sentence there."""
    text = str(error)
    if lang != "ja":
        return without_places(text)
    for pattern, japanese in (*JAPANESE, *LIBRARY_JAPANESE, *DESIGNS_JAPANESE):
        found = re.search(pattern, text, re.DOTALL)
        if found:
            return japanese.format(**found.groupdict())
    return "指定を確かめて、もう一度お試しください。"


def without_places(text: str) -> str:
    """A text with the folders of absolute paths taken out: "'/srv/shop/1.jpg'" becomes "'1.jpg'"."""
    return re.sub(r"(?<=')/(?:[^'/]+/)*(?=[^'/]+')|(?<![\w:/.'])/(?:[^'/\s]+/)+(?=[^'/\s]+)", "", text)
