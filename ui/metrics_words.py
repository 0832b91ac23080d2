"""Texts of the Metrics tab, in English and Japanese."""

METRICS_WORDS: dict[str, tuple[str, str]] = {
    # what is shown
    "measure_shipped": ("Lapel's own test sets · {title}", "Lapelのテスト用データ・{title}"),
    "not_measured": ("{name} · not measured yet", "{name}・未測定"),
    "measure_opened": ("Opened file · {title}", "開いたファイル・{title}"),
    "measure_now": ("Evaluate", "精度を測る"),
    "measure_again": ("Evaluate again", "もう一度測る"),
    "measure_none_title": (
        "How well does Lapel find things in {name}?",
        "{name}では、どのくらい正しく探せるでしょうか。",
    ),
    "measure_none": (
        "Nothing was measured here yet. Every labelled picture can ask for the others: Lapel counts how many of the first "
        "12 results have the same label, and compares that with ordinary similarity and with chance.",
        "まだ測っていません。ラベル付きの画像をクエリにして、上位12件のうち同じラベルのものを数え、"
        "通常の類似検索および偶然と比べます。",
    ),
    "measure_example": (
        "Until then, what Lapel reached on its own test pictures ({title}), which says little of yours: {said}",
        "参考までに、Lapelのテスト用画像（{title}）での結果です（お手元の画像での結果を示すものではありません）。{said}",
    ),
    "measure_labels": (
        "{count} labelled pictures; attributes that can be measured: {attributes}.",
        "ラベル付き画像{count}点、測れる属性{attributes}個。",
    ),
    "measure_too_few": (
        "There are too few labels to measure. An attribute needs two values with at least {worth} pictures each.",
        "測るにはラベルが足りません。属性ごとに、{worth}点以上ある値が2つ必要です。",
    ),
    "measure_needs": ("{name}: {count} more of {value}", "{name}：「{value}」があと{count}点"),
    "measure_needs_values": ("{name}: a second value with {count} pictures", "{name}：2つ目の値に{count}点"),
    "measure_needs_any": (
        "No attribute that the weights know is labelled here yet: label two values, {count} pictures each.",
        "重みが扱える属性にはまだラベルがありません。2つの値に{count}点ずつ付けてください。",
    ),
    "measure_options": ("What is measured", "測る内容"),
    "measure_attributes": ("Attributes", "属性"),
    "measure_split": ("Pictures", "対象の画像"),
    "split_test": ("the test split only", "「test」分割のみ"),
    "split_all": ("all", "すべて"),
    "measure_share": ("Who asks", "クエリにする画像"),
    "share_info": (
        "Of an attribute with more than {limit} labelled pictures ({over}) this share asks, drawn by lot, and looks among the "
        "rest. Of one with fewer, every labelled picture asks, one after another.",
        "ラベル付き画像が{limit}点を超える属性（{over}）では、無作為に選んだこの割合の画像で残りを検索します。"
        "それ以下の属性では、1点ずつすべてをクエリにします。",
    ),
    "share_percent": ("{percent} %, by lot", "無作為に{percent}%"),
    "share_all": ("every labelled picture", "ラベル付き画像すべて"),
    "share_all_info": (
        "No attribute has more than {limit} labelled pictures here, so each of them asks, one after another.",
        "ラベル付き画像が{limit}点を超える属性はないため、1点ずつすべてをクエリにします。",
    ),
    "measure_running": ("Measuring {name}", "{name}の精度を測っています"),
    "measure_stage_open": ("opening the catalog", "カタログを開いています"),
    "measure_stage_embed": (
        "embedding {done} of the {total} pictures that are measured",
        "測定する画像の埋め込み：{total}点中{done}点",
    ),
    "measure_stage_rank": ("asking: {done} of {total} queries", "検索：{total}件中{done}件"),
    "measure_next": ("begins in a moment", "まもなく始まります"),
    "measure_waits": (
        "waits for other measurements to end ({count})",
        "ほかの測定（{count}件）が終わるのを待っています",
    ),
    "measure_cancelled": ("Measuring was cancelled.", "測定を中止しました。"),
    # the sentence
    "sentence_p12": (
        "Of the first 12 results for {name}, {right} are right; ordinary similarity finds {baseline}, chance {chance}.",
        "{name}では上位12件のうち{right}件が正解です。通常の類似検索では{baseline}件、偶然なら{chance}件です。",
    ),
    "sentence_p12_alone": (
        "Of the first 12 results for {name}, {right} are right; chance would find {chance}.",
        "{name}では上位12件のうち{right}件が正解です。偶然なら{chance}件です。",
    ),
    "sentence_map": (
        "The order of results for {name} reaches {right} of 100 (MAP); ordinary similarity {baseline}, chance {chance}.",
        "{name}の順位の正しさ（MAP）は100点中{right}点です。通常の類似検索では{baseline}点、偶然なら{chance}点です。",
    ),
    "sentence_map_alone": (
        "The order of results for {name} reaches {right} of 100 (MAP); chance would reach {chance}.",
        "{name}の順位の正しさ（MAP）は100点中{right}点です。偶然なら{chance}点です。",
    ),
    "sentence_p12_mean": (
        "Of the first 12 results, {right} are right, on average over {name}; ordinary similarity finds {baseline}, chance {chance}.",
        "上位12件のうち{right}件が正解です（{name}の平均）。通常の類似検索では{baseline}件、偶然なら{chance}件です。",
    ),
    "sentence_p12_mean_alone": (
        "Of the first 12 results, {right} are right, on average over {name}; chance would find {chance}.",
        "上位12件のうち{right}件が正解です（{name}の平均）。偶然なら{chance}件です。",
    ),
    "sentence_map_mean": (
        "The order of results reaches {right} of 100 (MAP), on average over {name}; ordinary similarity {baseline}, chance {chance}.",
        "順位の正しさ（MAP）は100点中{right}点です（{name}の平均）。通常の類似検索では{baseline}点、偶然なら{chance}点です。",
    ),
    "sentence_map_mean_alone": (
        "The order of results reaches {right} of 100 (MAP), on average over {name}; chance would reach {chance}.",
        "順位の正しさ（MAP）は100点中{right}点です（{name}の平均）。偶然なら{chance}点です。",
    ),
    "many_attributes": ("the queries of {count} attributes", "{count}属性の全クエリ"),
    "sentence_at_most": (
        "No order could find more than {most}: some values have few pictures.",
        "画像の少ない値があるため、上限は{most}件です。",
    ),
    # the verdict
    "better_all": (
        "Better than ordinary similarity on {all} of {all} attributes.",
        "{all}属性すべてで通常の類似検索より良い結果です。",
    ),
    "better_one": ("Better than ordinary similarity on {name}.", "{name}で通常の類似検索より良い結果です。"),
    "better_some": (
        "Better than ordinary similarity on {better} of {all} attributes",
        "{all}属性のうち{better}属性で通常の類似検索より良い結果です",
    ),
    "worse_on": ("worse on {names}", "下回る属性：{names}"),
    "level_on": ("level on {names}", "同等の属性：{names}"),
    "undecided_on": ("not decided on {names}", "判定できない属性：{names}"),
    "undecided_one": ("{name} with {queries:# query|# queries}", "{name}（クエリ{queries}件）"),
    "undecided_needs": (
        "{name} with {queries:# query|# queries} (about {needed} would decide)",
        "{name}（クエリ{queries}件。約{needed}件で判定可能）",
    ),
    "needs_queries": ("about {count} queries would decide", "約{count}件で判定可能"),
    "not_decided": (
        "Whether it is better than ordinary similarity is not decided with {queries:# query|# queries} on {name}",
        "{name}で通常の類似検索より良いかどうかは、クエリ{queries}件では判定できません",
    ),
    "needs_more_queries": ("about {count} would decide", "約{count}件で判定可能です"),
    "worse_one": ("Worse than ordinary similarity on {name}.", "{name}では通常の類似検索を下回ります。"),
    "level_one": ("Level with ordinary similarity on {name}.", "{name}では通常の類似検索と同等です。"),
    "left_out_few": (
        "Left out of this, with fewer than {few} queries: {names}.",
        "クエリが{few}件未満のため含めていない属性：{names}",
    ),
    "not_measured_at_all": (
        "Too few labels to be measured: {names}.",
        "ラベルが少なく測れない属性：{names}",
    ),
    "more_labels": ("{name} ({more} more would do)", "{name}（あと{more}件必要）"),
    "more_labels_would_do": ("{more} more labels would do", "ラベルがあと{more}件必要"),
    "no_baseline": (
        "There is no report of ordinary similarity on the same queries, so nothing is said of a gain.",
        "同じクエリで測った通常の類似検索のレポートがないため、差は示していません。",
    ),
    "no_intervals": (
        "This report did not keep what single queries reached, so how sure its figures are is not known.",
        "クエリごとの結果が保存されていないため、数値の確からしさは分かりません。",
    ),
    "is_baseline": (
        "This is ordinary similarity itself, which knows no attributes.",
        "これは属性を区別しない、通常の類似検索の結果です。",
    ),
    # figures
    "p12_name": ("Right among the first 12", "上位12件の正解率"),
    "map_name": ("Order as a whole", "順位全体の正しさ"),
    "top1_name": ("First result right", "1位が正解"),
    "top8_name": ("One right in the first 8", "上位8件に正解あり"),
    "sure": ("95 % interval {low}–{high}", "95%信頼区間{low}〜{high}"),
    "sure_unknown": ("95 % interval not kept", "95%信頼区間の記録なし"),
    "against": ("ordinary {baseline}", "通常{baseline}"),
    "against_in_full": ("ordinary similarity {baseline}", "通常の類似検索{baseline}"),
    "by_chance": ("chance {chance}", "偶然{chance}"),
    "at_most": ("at most {ceiling}", "上限{ceiling}"),
    "at_most_cut": ("at most {ceiling}, where the interval is cut off", "上限{ceiling}（区間はここで打ち切り）"),
    "verdict_better": ("better", "良い"),
    "verdict_worse": ("worse", "悪い"),
    "verdict_level": ("level", "同等"),
    "verdict_undecided": ("not decided", "判定できず"),
    "verdict_few": ("too few queries", "クエリ不足"),
    "alone_better": (
        "better taken alone, not sure beside the {others} others",
        "この属性だけなら「良い」ですが、ほかの{others}属性と並べると断定できません",
    ),
    "alone_worse": (
        "worse taken alone, not sure beside the {others} others",
        "この属性だけなら「悪い」ですが、ほかの{others}属性と並べると断定できません",
    ),
    "between": ("{low} to {high}", "{low}〜{high}"),
    "points": ("{points} points", "{points}ポイント"),
    "below_chance": ("below chance", "偶然を下回る"),
    "what_is_ordinary": (
        "Ordinary similarity: the same pictures ranked by a network that knows nothing of attributes (global similarity). "
        "Differences are in points; what stands in brackets is their 95 % interval.",
        "通常の類似検索：属性を区別しないネットワークで同じ画像を並べたもの（全体の類似度）です。"
        "差の単位はポイント、括弧内はその95%信頼区間です。",
    ),
    # what is not better
    "short_no_better": ("no better than ordinary similarity, {by}", "通常の類似検索を上回りません。{by}"),
    "short_worse": ("worse than ordinary similarity, {by}", "通常の類似検索を下回ります。{by}"),
    "short_by": ("{points}", "差は{points}"),
    "short_undecided": ("{by}, {verdict}", "{by}で、{verdict}"),
    "short_on_count": ("lower on {count} of {all} attributes", "{all}属性のうち{count}属性で下回ります"),
    "short_on": ("worse than ordinary similarity on {names}", "通常の類似検索を下回る属性：{names}"),
    "short_of_chance": ("below chance on {names}", "偶然も下回る属性：{names}"),
    # who asked
    "asked": (
        "Asked on {name}{split}: {queries} queries. {how}{twins} A report whose queries were chosen otherwise has somewhat "
        "other figures.",
        "{name}{split}でのクエリ{queries}件。{how}{twins}クエリの選び方が違うレポートとは、数値も多少異なります。",
    ),
    "asked_corrected": (
        " Labels that were given or changed after looking, {count}, count as they were before.",
        "結果などを見て付けたり直したりしたラベル{count}件は、その前の状態で数えています。",
    ),
    "asked_twins": (
        " Pictures that another split has too, {count}, are left out.",
        "ほかの分割にもある同一画像{count}点は除いています。",
    ),
    "split_info": (
        "Pictures that another split has too are left out, so that somewhat fewer may ask.",
        "ほかの分割にもある同一の画像は除くため、件数が少し減ることがあります。",
    ),
    # table
    "table_title": ("Attribute by attribute", "属性ごとの結果"),
    "table_hint": (
        "Choose an attribute to see where it goes wrong. Figures in percent, small ones their 95 % interval; differences in points.",
        "属性を選ぶと、どこで間違えるかを見られます。数値は%、小さい数字は95%信頼区間、差はポイントです。",
    ),
    "table_scrolls": ("Scroll the table sideways for {names}.", "表は横にスクロールできます（{names}）。"),
    "about_columns": ("What the columns mean", "列の意味"),
    "about_attribute": (
        "What was asked for; choose one to see its queries.",
        "探した属性です。選ぶとクエリを見られます。",
    ),
    "about_p12": (
        "P@12: the share of the first 12 results that have the query's value. This is what somebody sees on the first page.",
        "P@12：上位12件のうち、クエリと同じ値のものの割合です。最初の画面で目にする結果に当たります。",
    ),
    "about_map": (
        "MAP: how far up all right items come, averaged over queries; 100 means that every right one comes before every wrong one.",
        "MAP：正解がどれだけ上位に集まるかをクエリで平均した値です。100なら、正解がすべて不正解より上に来ます。",
    ),
    "about_top1": ("Top-1: how often the very first result is right.", "Top-1：1位の結果が正解である割合です。"),
    "about_top8": (
        "Top-8: how often at least one of the first 8 is right. Most methods come near 100. Results that resemble one another "
        "are right or wrong together, so a ranking can be far better on P@12 and yet fall below ordinary similarity here, even "
        "below chance.",
        "Top-8：上位8件に正解が1つ以上ある割合です。どの方法でも100に近くなります。似た結果どうしは正解も不正解もまとまるため、"
        "P@12で大きく上回る順位付けでも、ここでは通常の類似検索や偶然を下回ることがあります。",
    ),
    "about_gain": (
        "Against ordinary similarity: the difference in P@12 on the same queries, in points, with the 95 % interval of this "
        "attribute taken alone. The verdict is stricter: of many attributes side by side some seem to differ by chance, so it "
        "is corrected for their number (Holm). Where an interval leaves out zero and the verdict is still “not decided”, that "
        "is why. The verdicts in the other columns are made in the same way.",
        "通常の類似検索との差：同じクエリでのP@12の差（ポイント）と、その属性だけで見た95%信頼区間です。"
        "多くの属性を並べると偶然に差が出るものもあるため、判定は属性の数で補正しています（ホルム法）。"
        "区間が0を含まないのに「判定できず」となるのはこのためです。ほかの列の判定も同じ方法です。",
    ),
    "about_queries": (
        "How many pictures asked. Under {few}, figures say little and are in no headline.",
        "クエリにした画像の数です。{few}件未満の数値は当てにならないため、見出しには使いません。",
    ),
    "gain_title": ("Against ordinary similarity", "通常の類似検索との差"),
    "few_queries": ("few", "少数"),
    "all_queries": ("All queries", "全クエリ"),
    "all_but_few": ("All queries but “too few”", "全クエリ（「少数」を除く）"),
    "mark_chance": ("chance", "偶然"),
    "mark_baseline": ("ordinary similarity", "通常の類似検索"),
    "mark_interval": ("95 % interval", "95%信頼区間"),
    # choosing what is measured
    "measure_weights": ("Weights", "重み"),
    "weights_now": ("{name}, in use", "{name}（使用中）"),
    "weights_info": (
        "Other weights embed the pictures first, which takes minutes; search goes on with those in use.",
        "使用中でない重みでは、先に画像を埋め込むため数分かかります。検索はその間も使用中の重みで続きます。",
    ),
    "attributes_lack": ("Cannot be measured yet: {names}.", "まだ測れない属性：{names}。"),
    # taking away
    "export_title": ("Take it with you", "書き出す"),
    "act_export_csv": ("CSV", "CSV"),
    "act_export_json": ("JSON", "JSON"),
    "act_export_page": ("Page (HTML)", "ページ（HTML）"),
    "figure_save": ("Save “{name}” as {kind}", "「{name}」を{kind}で保存"),
    "export_hint": (
        "CSV and JSON hold everything that is shown; the page is one file that opens anywhere.",
        "CSVとJSONには表示中の数値がすべて入ります。HTMLは1つのファイルで、どこでも開けます。",
    ),
}
