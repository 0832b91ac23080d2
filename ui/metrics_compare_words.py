"""Texts of comparing reports in the Metrics tab, and of where figures come from: key → (English, Japanese)."""

METRICS_COMPARE_WORDS: dict[str, tuple[str, str]] = {
    # comparing
    "compare_title": ("Compare reports", "レポートを比べる"),
    "compare_with": ("Compare with", "比べる相手"),
    "compare_hint": (
        "Only reports that asked the same queries can be compared. It is said how much better or worse the report shown above "
        "is, in points of P@12, with the 95 % interval.",
        "同じクエリで測ったレポートだけを比べられます。上に表示中のレポートがどれだけ良いか悪いかを、"
        "P@12の差（ポイント）と95%信頼区間で示します。",
    ),
    "compare_none": (
        "No other report asked the same queries of this catalog. Change the weights, teach an attribute, or evaluate again.",
        "このカタログに同じクエリで測ったレポートはほかにありません。重みを替えるか、属性を学習させてから測ってください。",
    ),
    "compare_apart": (
        "Not to be compared with this report, since other pictures were measured and so other queries asked: {names}.",
        "このレポートと比べられないもの：{names}。測った画像が別で、クエリも異なるためです。",
    ),
    "compare_shipped": ("Lapel's own test sets ({names})", "Lapelのテスト用データ（{names}）"),
    "compare_own": ("reports of other catalogs", "ほかのカタログのレポート"),
    "refused_queries": (
        "other queries were asked for {name}; evaluate both on the same catalog",
        "「{name}」のクエリが異なります。同じカタログで測り直してください",
    ),
    "refused_labels": (
        "{count:# label|# labels} of {name} {count:has|have} changed in between; evaluate both again",
        "間に「{name}」のラベルが{count}件変わっています。両方を測り直してください",
    ),
    "refused_attributes": ("no attribute in common", "共通する属性がありません"),
    "refused_figure": (
        "it did not keep P@12 of each query; evaluate again",
        "クエリごとのP@12が保存されていません。測り直してください",
    ),
    "count_better": ("better on {count}", "上回る属性{count}"),
    "count_worse": ("worse on {count}", "下回る属性{count}"),
    "count_level": ("level on {count}", "同等の属性{count}"),
    "count_undecided": ("not decided on {count}", "判定できない属性{count}"),
    "count_few": ("too few queries on {count}", "クエリ不足の属性{count}"),
    "compare_shown": ("shown above", "表示中"),
    "compare_better": ("{shown} is better than {other}", "{shown}は{other}より良い結果です"),
    "compare_worse": ("{shown} is worse than {other}", "{shown}は{other}を下回ります"),
    "compare_level": ("{shown} is level with {other}", "{shown}は{other}と同等です"),
    "compare_undecided": (
        "Whether {shown} is better than {other} is not decided",
        "{shown}が{other}より良いかどうかは判定できません",
    ),
    "compare_none_counted": (
        "{shown} against {other}: every attribute has too few queries to say",
        "{shown}と{other}：どの属性もクエリが少なく判定できません",
    ),
    "compare_by": ("{points} of P@12 over all queries", "全クエリのP@12の差は{points}"),
    "compare_attributes": ("by attribute {parts}", "属性別では{parts}"),
    "compare_column": ("P@12, and what the report shown above has more or less", "P@12と、表示中のレポートとの差"),
    "differences_title": (
        "P@12 of the report shown above, in points more or less than the others",
        "表示中のレポートのP@12とほかのレポートとの差",
    ),
    "published_title": ("Published figures", "論文の値"),
    "published_hint": (
        "From papers, on other pictures and not measured here: they say what is usual, not what is better.",
        "論文に載っている値です。ここで測ったものではなく、画像も異なるため、目安としてご覧ください。",
    ),
    "published_same": (
        "Read in a paper, not measured here; on the same queries and candidates.",
        "論文に載っている値で、ここで測ったものではありません。クエリと候補は同じです。",
    ),
    "measured_here": ("measured here", "ここで測定"),
    "published_mark": ("published", "論文"),
    # source
    "source_title": ("Where these figures come from", "数値の出どころ"),
    "source_report": ("Title", "題名"),
    "source_catalog": ("Catalog", "カタログ"),
    "source_split": ("Split", "分割"),
    "source_digest": ("Digest of the catalog", "カタログの識別値"),
    "source_queries": ("Queries", "クエリ"),
    "source_seed": ("Seed", "シード"),
    "source_weights": ("Weights", "重み"),
    "source_twins": ("Twins left out", "除いた同一画像"),
    "source_alike": ("Near-duplicates, counted as one", "まとめて数えた類似画像"),
    "source_versions": ("Versions", "バージョン"),
    "source_command": ("The same by a command", "同じ測定のコマンド"),
    "source_method": ("Method", "方法"),
    "source_made": ("Measured", "測定日時"),
    "source_warnings": ("Notes", "注記"),
    "asks_share": (
        "Of each attribute's labelled pictures {percent} % asked, drawn by lot, and looked among the rest.",
        "各属性のラベル付き画像から無作為に選んだ{percent}%で、残りを検索しています。",
    ),
    "asks_alone": (
        "Every labelled picture asked, one after another, and looked among all others.",
        "ラベル付き画像を1点ずつすべてクエリにして、ほかのすべてを検索しています。",
    ),
    "asks_both": (
        "Every labelled picture asked, one after another, where an attribute has at most {limit}; of the {count} attributes "
        "with more, {percent} %, drawn by lot.",
        "ラベル付き画像が{limit}点以下の属性では1点ずつすべてを、それより多い{count}属性では無作為に選んだ{percent}%をクエリにしています。",
    ),
    "asks_both_named": (
        "Every labelled picture asked, one after another, but for {names}, with more than {limit}: there {percent} %, drawn by lot.",
        "ラベル付き画像を1点ずつすべてクエリにしています。{limit}点を超える属性（{names}）では、無作為に選んだ{percent}%です。",
    ),
    "asks_published": (
        "The queries are those published with the data set.",
        "クエリはデータセットの公開分割どおりです。",
    ),
}
