"""Texts of the attributes and their values on the search page, and of its examples, in English and Japanese."""

ATTRIBUTE_WORDS: dict[str, tuple[str, str]] = {
    "rows_hint": (
        "Press a name to compare it with the picture, ≠ for the opposite, or open its values.",
        "名前を押すと画像と比べます。≠はその逆です。値を開いて選ぶこともできます。",
    ),
    "rows_hint_empty": (
        "Open an attribute and choose a value; with a picture you can also compare by name.",
        "属性を開いて値を選んでください。画像があれば、名前を押して比べることもできます。",
    ),
    "row_like": ("{name}: like the picture", "{name}：画像に似たもの"),
    "row_unlike": ("{name}: not like the picture", "{name}：画像と違うもの"),
    "row_values": ("{count:# value|# values}", "{count}種類の値"),
    "row_not": ("not {value}", "{value}以外"),
    "row_unlabelled": ("no item is labelled with it", "ラベル付きのアイテムがありません"),
    "row_lacking": ("not embedded yet", "この属性では未埋め込み"),
    "row_rest": (
        "{count:# more attribute of this catalog|# more attributes of this catalog}",
        "このカタログのほかの{count}属性",
    ),
    "row_cost": (
        "Choosing one that is not embedded yet embeds the catalog for it first, in the background.",
        "未埋め込みの属性を選ぶと、はじめにその属性でカタログを埋め込みます（バックグラウンドで実行）。",
    ),
    "value_find": ("Find a value of {name}", "{name}の値を探す"),
    "value_find_short": ("Find a value", "値を探す"),
    "value_all": ("All {count}", "{count}種類すべて"),
    "value_fewer": ("Fewer", "一部だけ表示"),
    "value_items": ("{count:# item|# items}", "{count}点"),
    "value_none": ("No value is called that.", "その名前の値はありません。"),
    "value_first": (
        "The {most} most frequent of {count} values; the others can be written in the search field.",
        "{count}種類のうち多い順に{most}種類です。ほかは検索欄に入力できます。",
    ),
    "examples": ("Try", "検索例"),
    "example_like": ("{name} like this", "{name}がこれに近いもの"),
    "example_both": ("{first} of this, {second} of that", "{first}はこれ、{second}はあれ"),
    "example_not": ("Same {first}, other {second}", "{first}は同じ、{second}は別"),
}
