"""What was noted about a catalog and its rows, in the visitor's language."""

import re

from catalog import Note
from ui.look_notes import JAPANESE as LOOK
from ui.names import attribute_name

REASONS: dict[str, tuple[str, str]] = {
    "blank-image": ("no image is named", "画像の指定がありません"),
    "address": ("web addresses are not fetched", "ウェブ上の画像は取得しません"),
    "outside": ("the path leads out of the catalog", "パスがカタログの外を指しています"),
    "missing": ("the image is not there", "画像ファイルがありません"),
    "repeated": ("an earlier line says the same", "前の行と同じ内容です"),
    "unreadable": ("the image cannot be read", "画像を読めません"),
    "twin": ("an earlier line has the same image", "前の行と同じ画像です"),
    "cells": ("more cells than columns", "列数よりセルが多くあります"),
    "cells-mendable": ("more cells than columns", "列数よりセルが多くあります"),
    "quotes": ("the quotes do not match", "引用符が対応していません"),
    "json": ("not a JSON object", "JSONオブジェクトではありません"),
}
"""Why a row of a table became no item: kind → English, Japanese."""

JAPANESE: dict[str, str] = {
    "no-rows": "「{catalog}」の表に行がありません",
    "only-addresses": "「{catalog}」の画像はすべてウェブ上のアドレスで、取得しません（{examples}）",
    "no-items": "「{catalog}」に使えるアイテムがありません",
    "encoding": "{table}を{encoding}として読みました。文字化けしている場合はUTF-8で保存してください",
    "table": "ラベルは{table}から読みました",
    "other-tables": "{table}を読みました。読んでいない表：{others}",
    "no-table": "{table}は読んでいません。このフォルダーの画像を指す列がありません（列：{columns}）",
    "unread-table": "{table}を読めませんでした",
    "sheets": "{table}はシート「{sheet}」だけを読みました。読んでいないシート：{others}",
    "folders": "表がないため、フォルダー名をラベルとして使います：{attributes}",
    "folders-mixed": "表がなく、フォルダーの深さが揃っていないため、ラベルはありません：{folders}",
    "split-folders": "分割はフォルダー名から決めました：{splits}",
    "image-column": "{table}に「image」列がないため、画像は「{column}」列から決めました",
    "image-pattern": "{table}に「image」列がないため、画像は「{pattern}」の形で探しました",
    "id-column": "IDは「{column}」列から取りました",
    "split-column": "分割は「{column}」列から取りました",
    "columns-mapped": "別名の列：{names}",
    "title-row": "{table}の最初の行は表題（{title}）とみなし、次の行を列名として読みました",
    "no-header": "{table}に見出し行がないため、列を{names}と呼びます。最初の行に列名を書いてください",
    "header-blank": "{table}に名前のない列があります：{names}",
    "header-twice": "{table}に同じ名前の列があります：{names}。最初の列だけを使います",
    "cells": "{table}の{lines}：列数よりセルが多いため除きました。区切り文字を含むセルは引用符で囲んでください",
    "cells-mendable": "{table}の{lines}：引用符で囲まれていない区切り文字があるため除きました。修復できます",
    "cells-mended": "{table}の{lines}：区切り文字を含むセルを修復しました",
    "quotes": "{table}の{lines}：引用符が対応していないため除きました",
    "short": "{table}の{lines}：列数よりセルが少ないため、足りない分は空欄とみなしました",
    "json": "{table}の{lines}：JSONオブジェクトではないため除きました",
    "blank-image": "{table}の{lines}：画像の指定がないため除きました",
    "address": "{table}の{lines}：ウェブ上の画像は取得しないため除きました（{examples}）",
    "outside": "{table}の{lines}：画像のパスがカタログの外を指しているため除きました（{examples}）",
    "missing": "{table}の{lines}：画像ファイルがないため除きました（{examples}）",
    "repeated": "{table}の{lines}：前の行と同じ内容のため除きました",
    "id-twice": "{table}の{lines}：IDが重複しているため、末尾に番号を付けました（{examples}）",
    "found-case": "大文字・小文字や文字の合成だけが異なるファイル名で見つけた画像：{examples}",
    "found-slashes": "フォルダー内のパスとして読み替えた画像：{examples}",
    "found-suffix": "拡張子が異なるファイルで見つけた画像：{examples}",
    "found-folder": "別のフォルダーで見つけた画像：{examples}",
    "found-address": "ウェブ上の画像は取得しませんが、同名の画像がフォルダーにありました：{examples}",
    "found-several": "1つのセルに複数の画像があるため、最初のものをアイテムの画像、残りを追加の画像とします：{examples}",
    "variants": "{table}の{lines}：空欄を、同じ「{column}」の最初の行で補いました",
    "split-names": "分割の名前：{names}",
    "split-unknown": "train、valid、test以外の分割：{names}。指定されない限り使いません",
    "attribute-names": "既知の名前に読み替えた属性：{names}",
    "not-attribute": "「{column}」列は属性として使いません",
    "values-unlisted": "attributes.jsonにない「{attribute}」の値：{values}",
    "attributes-unknown": "attributes.jsonにあり、列にない属性：{names}",
    "near-equal": "「{attribute}」に、大文字・小文字や空白だけが異なる値があり、別の値として数えています：{values}",
    "markers": "「{attribute}」に、値がないことを表す値があります：{values}",
    "doubtful": "「{attribute}」に、値がないことを表すかもしれない値があります：{values}",
    "several": "「{attribute}」に、1つのセルに複数の値があります：{values}",
    "one-value": "値が1種類しかない属性では、アイテムを区別できません：{values}",
    "single-images": "「{attribute}」に、画像が1枚しかない値があり、その値では何も見つかりません：{values}",
    "no-labels": "ラベルの付いたアイテムがないため、精度の測定も学習もできません（列：{columns}）",
    "unused-images": "{table}のどの行にもない画像が{count}枚あります（{examples}）",
    "image-twice": "{table}の{lines}：前の行と同じ画像です。検索では両方が見つかります",
    "twins-left-out": "{split}のうち{others}に同一ファイルがあるため除いた画像：{count}点",
    "derived": "{source}から読み取った属性：{counts}",
    "mended": "修復しました：{what}",
    "files": "フォルダーのファイルについての注意：{what}",
    **LOOK,
}
"""Kind of a note → its sentence in Japanese, for the same facts."""


def note_text(note: Note, lang: str) -> str:
    """One sentence about a note."""
    if lang != "ja" or note.kind not in JAPANESE:
        named = note.facts.get("attribute", "")
        return note.text.replace(f"'{named}'", f"'{attribute_name(named, lang)}'") if named else note.text
    lines = "、".join(f"{line:,}" for line in note.lines[:10]) + "行目"
    if len(note.lines) > 10:
        lines += f"ほか{len(note.lines) - 10:,}行"
    facts = {name: _japanese_list(text) for name, text in note.facts.items()}
    if "attribute" in facts:
        facts["attribute"] = attribute_name(note.facts["attribute"], lang)
    return JAPANESE[note.kind].format(**{"lines": lines, **facts})


def reason_text(kind: str, lang: str) -> str:
    """Why a row became no item."""
    english, japanese = REASONS.get(kind, ("left out", "除きました"))
    return japanese if lang == "ja" else english


def _japanese_list(text: str) -> str:
    """A list of names with how many more there are, as `catalog` writes it, in Japanese."""
    return re.sub(r" and ([\d,]+) more$", r"ほか\1件", text).replace(", ", "、")
