"""What similar designs refuse, in Japanese: pattern of the English sentence → Japanese."""

DESIGNS_JAPANESE: tuple[tuple[str, str], ...] = (
    (r"nothing is to agree", "一致させる属性を1つ以上選んでください。"),
    (r"(?P<count>\d+) attributes are to agree; choose at most (?P<most>\d+)", "一致させる属性は{most}個までです。"),
    (
        r"'(?P<name>.*?)' is given twice; it can agree or differ",
        "「{name}」が2回選ばれています。一致か相違のどちらかにしてください。",
    ),
    (r"'(?P<name>.*?)' is compared with itself", "両側が同じ値「{name}」です。別の値を選んでください。"),
    (
        r"no item is left with (?P<column>.*?) = '(?P<value>.*?)'",
        "「{value}」のアイテムが残っていません。別の値を選ぶか、絞り込みを減らしてください。",
    ),
    (
        r"'(?P<name>.*?)' has no match level .* cannot be asked to differ",
        "「{name}」は一致の可能性が分からないため、異なる属性には選べません。",
    ),
    (
        r"'(?P<name>.*?)' has no match level .* give the least score",
        "「{name}」は一致の可能性が分かりません。スコアの下限を設定してください。",
    ),
    (
        r"(?P<items>[\d,]+) items make (?P<pairs>[\d,]+) pairs, more than (?P<most>[\d,]+); .*such as (?P<column>.*?) = "
        r"'(?P<value>.*?)' \((?P<count>[\d,]+) items",
        "{items}点では{pairs}組になり、上限の{most}組を超えます。たとえば「{value}」（{count}点）などに絞り込んでください。",
    ),
    (
        r"(?P<items>[\d,]+) items make (?P<pairs>[\d,]+) pairs, more than (?P<most>[\d,]+)",
        "{items}点では{pairs}組になり、上限の{most}組を超えます。絞り込んでください。",
    ),
    (
        r"the catalog is not embedded for: (?P<names>.*?);",
        "カタログはまだ{names}を調べられません。「検索」でその属性を一度選んでください。",
    ),
)
