"""Texts of the Compare tab in English and Japanese."""

COMPARE_WORDS: dict[str, tuple[str, str]] = {
    "tab_compare": ("Compare", "比較"),
    "versus_title": ("One query, asked in two ways", "同じクエリを2つの方法で検索"),
    "versus_about": (
        "Both sides search the same pictures. Point at a result, or move to it by key, to see where it stands on the other side.",
        "両側とも同じ画像を検索します。結果にマウスを重ねるかキーで移動すると、反対側での順位が分かります。",
    ),
    # what is asked
    "versus_ready": ("Ready examples", "用意した例"),
    "versus_yours": ("Your search", "検索中の内容"),
    "versus_background": ("Another background", "背景を変更"),
    "versus_how": ("How were these chosen?", "例の選び方"),
    "versus_rule_test": (
        "For the catalog's attributes in their order, the first labelled picture of the test split; where there are few attributes, "
        "of further values.",
        "カタログの属性順に、テスト用データの最初のラベル付き画像を使います。属性が少ない場合は、別の値の画像も使います。",
    ),
    "versus_rule_all": (
        "For the catalog's attributes in their order, the first labelled picture; where there are few attributes, of further values.",
        "カタログの属性順に、最初のラベル付き画像を使います。属性が少ない場合は、別の値の画像も使います。",
    ),
    "versus_rule_none": (
        "The first pictures of the catalog, which has no labels.",
        "ラベルがないカタログのため、先頭の画像を使います。",
    ),
    "versus_rule_not_picked": ("None was picked by how it turns out.", "結果を見て選んだものではありません。"),
    "versus_rule_background": (
        "“Another background” is a montage: the first of these garments that can be told from its background is cut out by Lapel's "
        "foreground map and put before that one of the first {count} pictures of the catalog whose background differs most in colour.",
        "「背景を変更」は合成画像です。上の例のうち背景と見分けられる最初の服をLapelの前景マップで切り抜き、"
        "カタログの先頭{count}点から色が最も異なる背景を選んで重ねています。",
    ),
    "versus_rule_plain": (
        "“Another background” is a montage: the first of these garments that can be told from its background is cut out by Lapel's "
        "foreground map and put before plain grey, since the backgrounds of the first {count} pictures are all alike.",
        "「背景を変更」は合成画像です。上の例のうち背景と見分けられる最初の服をLapelの前景マップで切り抜き、"
        "無地のグレーに重ねています（先頭{count}点の背景はどれも似ているため）。",
    ),
    "versus_no_montage": (
        "There is no example with another background: no garment could be told from its background here.",
        "服と背景を見分けられる画像がないため、背景を変更した例はありません。",
    ),
    "versus_original": ("The picture as it is", "元の画像"),
    "versus_montage": ("Montage, asked by", "クエリの合成画像"),
    "versus_asked": ("Asked", "条件"),
    "versus_like": ("{name}: like the picture", "{name}：画像と同じ"),
    "versus_filtered": ("{column}: {values} only", "{column}：{values}のみ"),
    # the ways
    "versus_left": ("Left side", "左側"),
    "versus_right": ("Right side", "右側"),
    "way_ordinary": ("Ordinary similarity", "通常の類似検索"),
    "way_ordinary_within": ("ordinary similarity", "通常の類似検索"),
    "way_lapel": ("Lapel", "Lapel"),
    "way_trained": ("Lapel, views as trained", "Lapel（学習時の配分）"),
    "way_region": ("Lapel, region without patch (β = 1)", "Lapel（領域のみ、パッチなし：β＝1）"),
    "way_patch": ("Lapel, patch without region (β = 0)", "Lapel（パッチのみ、領域なし：β＝0）"),
    "way_no-general": ("Lapel without the general view (γ = 0)", "Lapel（全体の印象なし：γ＝0）"),
    "way_general": ("Lapel by the general view alone (γ = 1)", "Lapel（全体の印象のみ：γ＝1）"),
    "way_without": ("Lapel without “{term}”", "Lapel（「{term}」なし）"),
    "way_weights": ("Lapel with the weights {name}", "Lapel（重み：{name}）"),
    "versus_ordinary_about": (
        "Nearest by the whole picture, by the network from before training: what Metrics compares with.",
        "学習前のネットワークによる画像全体の近さ。「精度」タブの比較対象と同じものです。",
    ),
    "versus_ordinary_ignores": (
        "It knows no attributes: values, “not” and weights count for nothing.",
        "属性を区別しないため、値・「以外」・重みは反映されません。",
    ),
    "versus_lapel_about": (
        "Nearest by the attributes asked; the rest of the picture should count for little.",
        "条件の属性の近さで並べます。それ以外の違いはできるだけ無視します。",
    ),
    # what is found
    "versus_right_of": ("{right} of {known}", "{known}点中{right}点"),
    "versus_have": ("with {what}", "「{what}」に一致"),
    "versus_all_asked": ("all that is asked", "すべての条件"),
    "versus_by_lot": ("by chance {lot}", "偶然なら{lot}点"),
    "versus_unlabelled": ("{count:# result is|# results are} not labelled", "ラベルなし{count}点"),
    "versus_not_judged": (
        "The query has no label, so nothing says what is right",
        "クエリにラベルがないため、正誤は判定できません",
    ),
    "versus_kept": (
        "{kept} of {count} were found by the original picture, too",
        "{count}点中{kept}点は元の画像でも上位",
    ),
    "versus_reach": (
        "half of the original's results are within the first {place}",
        "元の結果の半数は{place}位以内",
    ),
    "versus_shared": ("{shared} of {count} results are on both sides", "両側に共通する結果：{count}点中{shared}点"),
    "versus_none": ("Nothing passes the filters.", "条件に合うアイテムがありません。"),
    "versus_no_picture": (
        "Ordinary similarity needs a picture that results should be like; this query names none.",
        "通常の類似検索には、似ているものを探す画像が必要です。このクエリにはありません。",
    ),
    "versus_no_general": (
        "The network in use has no general view, so there is no ordinary similarity to show.",
        "使用中のネットワークには全体の印象がないため、通常の類似検索は表示できません。",
    ),
    "versus_embedding": (
        "The catalog is being embedded with these weights: {done} of {total:# picture|# pictures}.",
        "この重みでカタログを埋め込み中です（{total}点中{done}点）。",
    ),
    "versus_loading": ("These weights are being loaded.", "この重みを読み込んでいます。"),
    # one result
    "mark_right": ("as asked", "条件に一致"),
    "mark_wrong": ("not as asked", "条件と異なる"),
    "mark_unknown": ("not labelled", "ラベルなし"),
    "place_beyond": ("beyond {deep}", "{deep}位より下"),
    "place_not": ("not found", "対象外"),
    "place_of": ("{way}: place {place}", "{way}：{place}位"),
    "place_nowhere": ("{way}: {place}", "{way}：{place}"),
    # the sentence
    "said_counts": (
        "{right}: {right_count} of {right_known} labelled results have {what}; {left}: {left_count} of {left_known}.",
        "「{what}」に一致したのは、{right}がラベル付き{right_known}点中{right_count}点、{left}が{left_known}点中{left_count}点です。",
    ),
    "said_more": ("Here {better} finds {count} more.", "ここでは{better}のほうが{count}点多く見つけました。"),
    "said_larger": ("Here the share of {better} is larger.", "ここでは{better}のほうが割合が高くなりました。"),
    "said_worse": (
        "Here {other} does better than Lapel: {count} more.",
        "ここでは{other}のほうがLapelより{count}点多く、良い結果です。",
    ),
    "said_worse_share": (
        "Here {other} does better than Lapel: its share is larger.",
        "ここでは{other}のほうがLapelより割合が高く、良い結果です。",
    ),
    "said_even": ("Here neither does better.", "ここでは差がありません。"),
    "said_same_way": ("Both sides ask in the same way.", "両側とも同じ方法です。"),
    "said_unjudged": (
        "{shared} of {count} results are on both sides; without labels nothing says which are right.",
        "{count}点中{shared}点が両側に共通しています。ラベルがないため、正誤は判定できません。",
    ),
    "said_kept": (
        "With another background {right} keeps {right_kept} of its {right_of} results, {left} {left_kept} of {left_of}.",
        "背景を変えても残った結果は、{right}が{right_of}点中{right_kept}点、{left}が{left_of}点中{left_kept}点です。",
    ),
    "said_one_query": (
        "This is one query; Metrics has the average over many.",
        "これは1つのクエリの結果です。多数のクエリの平均は「精度」で確認できます。",
    ),
    "versus_to_metrics": ("See Metrics", "精度を見る"),
}
