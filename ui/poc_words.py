"""Texts of the PoC tab in English and Japanese; those of the sheet itself are in `library.poc`."""

POC_WORDS: dict[str, tuple[str, str]] = {
    "tab_poc": ("PoC", "PoC"),
    "poc_make": ("Make the sheet", "シートを作成"),
    "poc_of": ("Measured on", "測定する画像"),
    "poc_split": ("{name} ({count})", "{name}（{count}点）"),
    "poc_all_pictures": ("all ({count})", "すべて（{count}点）"),
    "poc_catalog": ("Catalog: {name}", "カタログ：{name}"),
    "poc_other_catalog": ("Another catalog", "別のカタログ"),
    "poc_invite": ("Is Lapel worth it on these images?", "この画像でLapelを導入する価値はありますか？"),
    "poc_invite_about": (
        "One click measures, on {name}: how much better a search by attribute is than ordinary similarity, how few labels "
        "are enough, and what it costs to run. Minutes, most of them for embedding, which is kept.",
        "ワンクリックで「{name}」を測定します。属性での検索が通常の類似検索よりどれだけ良いか、ラベルはいくつで足りるか、運用にいくらかかるかが分かります。"
        "所要時間は数分で、大半は画像の埋め込みです（結果は保存されます）。",
    ),
    "poc_not_yet": (
        "Shown once the sheet is made.",
        "シートを作成すると表示されます。",
    ),
    "poc_step_images": ("Images", "画像"),
    "poc_step_gain": ("Gain", "効果"),
    "poc_step_labels": ("Labels", "ラベル"),
    "poc_step_running": ("Running cost", "運用費"),
    "poc_step_decision": ("Decision", "判断"),
    "poc_next_gain": ("Next: gain", "次へ：効果"),
    "poc_next_labels": ("Next: labels", "次へ：ラベル"),
    "poc_next_running": ("Next: running cost", "次へ：運用費"),
    "poc_next_decision": ("Next: decision", "次へ：判断"),
    "poc_to_decision": ("To the decision", "判断を見る"),
    # the job
    "poc_job_embed": ("embedding the images", "画像の埋め込み"),
    "poc_job_gain": ("measuring the gain", "効果の測定"),
    "poc_job_labels": ("trying numbers of labels", "ラベル数の検証"),
    "poc_job_running": ("measuring the speed", "速度の測定"),
    "poc_progress": ("The sheet is not begun yet", "シートの作成はまだ始まっていません"),
    "poc_step_of": ("Step {place} of {count}: {step}", "{count}段階中{place}：{step}"),
    "poc_left_in_all": ("about {time} left in all", "全体で残り約{time}"),
    "poc_waits_for": ("Waits for: {job}", "待機中（先に実行：{job}）"),
    "poc_waits_more": ("{count} more before it", "ほかに前に{count}件"),
    "poc_others": ("Somebody else has begun it.", "ほかの利用者が開始しました。"),
    "poc_cancelled": ("Cancelled; what was embedded is kept.", "中止しました。埋め込みの結果は残っています。"),
    "poc_changed": (
        "The catalog has changed since this was measured on {date}; make the sheet again.",
        "{date}の測定後にカタログが変更されています。もう一度シートを作成してください。",
    ),
    "poc_other_weights": (
        "This was measured with other weights than those in use; make the sheet again.",
        "現在とは異なる重みで測定した結果です。もう一度シートを作成してください。",
    ),
    "poc_other_lapel": (
        "This was measured by an earlier Lapel, which counted P@12 otherwise; make the sheet again.",
        "以前のLapelで測定した結果で、P@12の数え方が異なります。もう一度シートを作成してください。",
    ),
    "poc_unreadable": (
        "The last sheet cannot be read; make the sheet again.",
        "前回のシートを読み込めません。もう一度シートを作成してください。",
    ),
    # images
    "poc_images": ("Which images", "対象の画像"),
    "poc_images_of": ("{name}: {count:# item|# items}", "{name}：{count}点"),
    "poc_images_split": (
        "They are in splits: {names}. Where one split is measured, duplicates between splits are left out.",
        "分割：{names}。1つの分割を測定する場合、分割間で重複する画像は除きます。",
    ),
    "poc_labelled": ("What is labelled", "ラベルの状況"),
    "poc_values": ("Values", "値の数"),
    "poc_given": ("Labelled", "ラベルあり"),
    "poc_missing": ("Without a label", "ラベルなし"),
    "poc_rarest": ("Rarest value", "最も少ない値"),
    "poc_state": ("For the sheet", "測定の可否"),
    "poc_state_measured": ("measured", "測定済み"),
    "poc_state_enough": ("will be tried", "測定の対象"),
    "poc_state_more": ("about {more} labels more", "あと約{more}個"),
    "poc_state_few": ("cannot be measured", "測定できません"),
    "poc_no_labels": (
        "Nothing is labelled yet. Import a table with a column of labels, or label some images under Catalogs: ten of each "
        "value are a good beginning.",
        "ラベルがまだありません。ラベルの列がある表を取り込むか、「カタログ」で画像にラベルを付けてください。まずは値ごとに10個が目安です。",
    ),
    "poc_unreadable_pictures": (
        "{count:# picture|# pictures} cannot be read and {count:is|are} left out.",
        "読み込めない画像{count}点は除きます。",
    ),
    "poc_import": ("Bring other images", "別の画像を取り込む"),
    # gain
    "poc_gain_title": ("Better than ordinary similarity?", "通常の類似検索より良いか"),
    "poc_gain_axis": ("Points of P@12 over ordinary similarity", "通常の類似検索とのP@12の差（ポイント）"),
    "poc_gain_points": ("Points of P@12 gained over ordinary similarity", "通常の類似検索からのP@12の向上（ポイント）"),
    "poc_gain_before": ("As it is, no labels", "そのまま（ラベル不要）"),
    "poc_gain_after": ("Taught by your labels", "ラベルで学習後"),
    "poc_gain_read": (
        "P@12: right results among the first 12, divided by 12, in percent. Bars: 95 % interval. What lies wholly right of the line "
        "is better, wholly left of it worse; what crosses it is not decided.",
        "P@12は上位12件の正解数を12で割った割合（％）です。線の長さは95%信頼区間を表します。全体が縦線の右側にあれば優位、左側なら劣位、またいでいれば判断できません。",
    ),
    # labels
    "poc_labels_title": ("How few labels are enough?", "ラベルはいくつで足りるか"),
    "poc_labels_axis": ("Labels a value", "値ごとのラベル数"),
    "poc_percent_axis": ("%", "％"),
    "poc_curve_p12": ("P@12", "P@12"),
    "poc_curve_map": ("MAP", "MAP"),
    "poc_curve_range": ("where one draw falls (90 %)", "1回の抽出の範囲（90％）"),
    "poc_curve_similar": ("P@12 of ordinary similarity", "通常の類似検索のP@12"),
    "poc_curve_before": ("P@12 as it is", "P@12（そのまま）"),
    "poc_curve_enough": ("enough: {n}", "{n}個で十分"),
    "poc_curve_all": ("{labels} labels in all", "合計{labels}個"),
    "poc_which": ("Attribute", "属性"),
    # running cost
    "poc_running_title": ("What does it cost to run?", "運用にいくらかかるか"),
    "poc_prices": ("Prices", "価格表"),
    "poc_prices_about": (
        "Change what your machines cost; every figure follows at once. Speed: how many times as fast as two cores of a "
        "processor, least and most.",
        "実際の価格に合わせて変更できます。すべての数値にすぐ反映されます。速度は2コアのCPUを1とした倍率（最小〜最大）です。",
    ),
    "poc_hourly": ("USD an hour", "1時間（米ドル）"),
    "poc_monthly": ("USD a month beside", "月額の追加（米ドル）"),
    "poc_speed_low": ("Speed, least", "速度（最小）"),
    "poc_speed_high": ("Speed, most", "速度（最大）"),
    "poc_price_source": ("Source", "出典"),
    "poc_price_own": ("you, in this page", "この画面での入力"),
    "poc_price_field": ("{machine}: {field}", "{machine}：{field}"),
    # decision
    "poc_decision_title": ("The decision", "判断"),
    "poc_print": ("Print (two sheets of A4)", "印刷（A4で2枚）"),
    "poc_html": ("Download HTML", "HTMLをダウンロード"),
    "poc_json": ("Download JSON", "JSONをダウンロード"),
    # assumptions
    "poc_stated": ("Assumptions", "前提"),
    "poc_stated_about": (
        "Nobody has measured these. Change what is different with you: the decision follows at once, and the printed sheet "
        "shows them. They are kept in this browser.",
        "以下は測定していない値です。実情に合わせて変更すると、判断と印刷するシートにすぐ反映されます。変更はこのブラウザーに保存されます。",
    ),
    "poc_group_labelling": ("Labels", "ラベル付け"),
    "poc_group_searching": ("Searches", "検索"),
    "poc_group_size": ("Size", "規模"),
    "poc_group_paying": ("Money", "金額"),
    "act_reset": ("As they were", "初期値に戻す"),
    "poc_was": ("was {value}", "初期値：{value}"),
    "poc_senseless": (
        "{name}: '{text}' makes no sense. Give a number from 0 up; sizes, months and speeds above 0, the least speed not above "
        "the most. Nothing was changed.",
        "{name}：「{text}」は使えません。0以上の数を入力してください（規模・期間・速度は0より大きく、最小の速度は最大以下）。変更は反映していません。",
    ),
    "poc_now": ("Now: {verdict}", "現在の判断：{verdict}"),
    "poc_left": (
        "About {money} over ordinary similarity after {months} months",
        "通常の類似検索と比べた{months}か月の収支：約{money}",
    ),
    "poc_bar_low": ("Halved", "半分"),
    "poc_bar_high": ("Doubled", "2倍"),
    "poc_bar_axis": ("Left over ordinary similarity ({currency})", "通常の類似検索と比べた収支（{currency}）"),
    "poc_no_bar": (
        "The line is what is left as stated. No bar (no effect on the difference, or 0): {names}.",
        "縦線は前提どおりの収支です。棒のない前提（差に影響しないか0）：{names}。",
    ),
}
