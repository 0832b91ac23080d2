"""Texts of one attribute in the Metrics tab, and of its queries: key → (English, Japanese)."""

METRICS_DETAIL_WORDS: dict[str, tuple[str, str]] = {
    # one attribute
    "fused_below": (
        "Mixing does harm here: {view} alone reaches {alone}, all together {fused} (MAP).",
        "ここでは統合が逆効果です。{view}だけならMAPは{alone}、統合すると{fused}です。",
    ),
    "mix_of": ("Shares in the mix: {shares}", "統合の配分：{shares}"),
    "by_value_title": ("{name}: value by value", "{name}：値ごとの結果"),
    "value": ("Value", "値"),
    "confusion_title": ("{name}: what is found for what", "{name}：何を探すと何が見つかるか"),
    "confusion_hint": (
        "Each row: of the first 12 results for that value, the share that has each value. Choose a cell to see its queries.",
        "各行は、その値で探したときの上位12件の内訳（%）です。マスを選ぶと該当するクエリを見られます。",
    ),
    "asked_for": ("asked for", "探した値"),
    "found_value": ("found", "見つかった値"),
    "confusion_cell": (
        "Asked for {value}: {share} % of the first 12 are {hit}",
        "{value}を探すと、上位12件の{share}%が{hit}",
    ),
    "slices_title": ("{name}: by a column of the catalog", "{name}：カタログの項目別"),
    "slice_column": ("Column", "項目"),
    "slice_none": ("The catalog has no column with a few values.", "値の種類が少ない項目がありません。"),
    "slice_hint": (
        "The queries, grouped by what stands in this column.",
        "この項目の値でクエリを分けた結果です。",
    ),
    "slice_blank": ("(blank)", "（空欄）"),
    "slice_others": ("others", "その他"),
    "sweep_title": ("{name}: other shares of the views", "{name}：見方の配分を変えた場合"),
    "sweep_beta": ("Share of the region in the rest (β)", "残りのうち領域の割合（β）"),
    "sweep_gamma": ("Share of the general view (γ)", "汎用の割合（γ）"),
    "curve_title": ("{name}: one right among the first k", "{name}：上位k件に正解がある割合"),
    "dots_title": ("Right among the first 12, by attribute", "属性ごとの上位12件の正解率"),
    "bars_title": ("MAP by attribute, and of each view alone", "属性ごとのMAPと、1つの見方だけの場合"),
    # queries
    "cases_title": ("{name}: the queries that went worst", "{name}：うまくいかなかったクエリ"),
    "cases_of_value": ("asked for {value}", "探した値：{value}"),
    "cases_of_hit": ("found {hit} among the first 12", "上位12件に「{hit}」"),
    "cases_of_slice": ("{column}: {value}", "{column}が「{value}」"),
    "cases_count": ("{count:# query|# queries, the worst first}", "{count}件（悪い順）"),
    "cases_more": ("Show more", "さらに表示"),
    "cases_none": ("No query is like that.", "該当するクエリはありません。"),
    "cases_hint": (
        "Fewest right among the first 12 come first, of these the ones with the worst order as a whole (average precision). "
        "Choose a picture to see in Search why it was found. A wrong label is put right with the flag below it.",
        "上位12件の正解が少ない順で、同数なら順位全体の正しさ（平均適合率）が低い順です。"
        "画像を選ぶと、なぜ見つかったかを検索タブで確かめられます。ラベルの誤りは画像の下の旗から直せます。",
    ),
    "no_detail": (
        "This report did not keep what its queries found. Evaluate the catalog again to see them.",
        "このレポートにはクエリごとの検索結果が保存されていません。もう一度測ると見られます。",
    ),
    "no_pictures": (
        "The catalog of this report is not in this library, so its pictures cannot be shown.",
        "このレポートのカタログがライブラリにないため、画像を表示できません。",
    ),
    "case_query": ("Query: {value}", "クエリ：{value}"),
    "case_right": ("{right} of {count} right", "{count}件中{right}件が正解"),
    "case_first": ("first right one at {rank}", "最初の正解は{rank}位"),
    "case_no_right": ("no right one", "正解なし"),
    "case_miss": ("first wrong one: {rank}", "最初の不正解：{rank}位"),
    "case_open_query": ("Open this query in Search", "このクエリを検索タブで開く"),
    "hit_right": ("Result {rank}, right: {value}", "{rank}位、正解：{value}"),
    "hit_wrong": ("Result {rank}, wrong: {value}", "{rank}位、不正解：{value}"),
    "flag": ("The label is wrong: {value}", "ラベルの誤り：{value}"),
    "flag_title": ("What is right for this picture?", "この画像の正しいラベルは？"),
    "flag_shut": ("Close", "閉じる"),
    "relabelled": ("now {value}", "変更後：{value}"),
    "gone_item": ("no longer in the catalog", "カタログにありません"),
    "labels_changed_count": (
        "Labels that are others now than those measured by: {count}.",
        "測定に使ったラベルと今のラベルが違うもの：{count}件。",
    ),
    "labels_left_out": (
        "Figures go on counting the label that was there before, so that nobody can improve them by relabelling what went wrong.",
        "測定では直す前のラベルを使い続けます。外れた画像のラベルを直して数値を良く見せることはできません。",
    ),
    # looking into an attribute
    "views_title": ("Order as a whole (MAP), by view", "見方ごとの順位全体の正しさ（MAP）"),
    "general_and_ordinary": (
        "The {view} and ordinary similarity start from the same network. The {view} was then fitted to {name} in training; "
        "ordinary similarity takes the network as it is. So the two rank differently.",
        "「{view}」と通常の類似検索は、同じネットワークから出発します。「{view}」は学習で「{name}」に合わせて調整され、"
        "通常の類似検索は調整なしで使うため、順位が異なります。",
    ),
    "sweep_note_beta": (
        "In use: {share}. The {view} has its own share, and β divides the rest ({rest} of all), so the region has {region} of all.",
        "現在は{share}です。「{view}」を除いた残り（全体の{rest}）をβで分けるため、領域は全体の{region}になります。",
    ),
    "sweep_note_gamma": (
        "In use: {share} of all.",
        "現在は全体の{share}です。",
    ),
    "by_value_hint": (
        "In percent, with the 95 % interval, the worst first. Choose a value to see its queries.",
        "数値は%、小さい数字は95%信頼区間で、悪い順です。値を選ぶとクエリを見られます。",
    ),
    "by_value_few": (
        "Marked “few”: under {few} queries, too few to rely on.",
        "「少数」はクエリが{few}件未満で、当てにならない値です。",
    ),
    "by_value_most": (
        "“At most” is what a perfect order would reach: a value with fewer than 12 other pictures cannot fill the first 12.",
        "「上限」は完璧な順位で届く値です。ほかに12点ない値では、上位12件を正解で満たせません。",
    ),
    "foreground_title": ("{name}: where the weights look", "{name}：重みが注目する場所"),
    "attention_part": ("Attention on the right part", "該当部分への注目"),
    "attention_person": ("Attention on person and garment", "人と服への注目"),
    "attention_area": ("area alone: {share} %", "面積比なら{share}%"),
    "swap_photographs": (
        "First 10 results kept on another background, photographs",
        "背景を替えても残る上位10件（写真）",
    ),
    "swap_drawn": ("First 10 results kept on another background, drawings", "背景を替えても残る上位10件（描画）"),
    "swap_beside": ("ordinary similarity {ordinary} %, chance {chance} %", "通常の類似検索{ordinary}%、偶然{chance}%"),
    "foreground_made": (
        "Measured for these weights ({digest}) on {images} pictures with masks of each garment (set “{masks}”), "
        "not on this catalog. The mark shows what it is compared with.",
        "この重み（{digest}）について、服の輪郭が付いた画像{images}点（「{masks}」）で測った値で、"
        "このカタログでの値ではありません。印は比較の基準です。",
    ),
    "case_open_hit": ("See in Search why it was found", "見つかった理由を検索タブで見る"),
    # arriving in Search
    "arrival_only": (
        "As in Metrics, only the {split} split is searched. Metrics ranked pictures labelled with {name} alone; here "
        "unlabelled ones are found too.",
        "精度タブと同じく、「{split}」分割だけを検索しています。精度タブは「{name}」のラベル付き画像だけを順位付けしますが、"
        "ここではラベルのない画像も見つかります。",
    ),
    "arrival_all": (
        "All {count} pictures are searched here; Metrics ranked those of the {split} split labelled with {name} alone, so the "
        "results differ.",
        "ここでは全{count}点を検索しています。精度タブは「{split}」分割で「{name}」のラベル付き画像だけを順位付けするため、"
        "結果が異なります。",
    ),
    "arrival_labelled": (
        "Here all {count} pictures are searched; Metrics ranked those labelled with {name} alone, so results can differ.",
        "ここでは全{count}点を検索しています。精度タブは「{name}」のラベル付き画像だけを順位付けするため、"
        "結果が異なることがあります。",
    ),
    "arrival_not_found": (
        "The result that was chosen is not among the first {most} here; the first one is explained.",
        "選んだ画像はここでは上位{most}件に入らないため、1位の結果を説明しています。",
    ),
    "arrival_search_all": ("Search all pictures", "すべての画像を検索"),
    "arrival_search_only": ("Only the {split} split", "「{split}」分割のみ"),
}
