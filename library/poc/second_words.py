"""What the second sheet says, in English and in Japanese: running cost, decision and assumptions."""

SECOND_WORDS: dict[str, tuple[str, str]] = {
    "running": ("3 Running cost", "3 運用費"),
    "running_here": (
        "Measured on {machine}, {cores} cores ({device}), {date}: {images} pictures a second embedded, a search by a new picture "
        "{upload} s. In this catalog of {items} ({made}): a search {search} ms, {bytes} KB a picture on the disk.",
        "測定環境：{machine}、{cores}コア（{device}）、{date}。埋め込み{images}点/秒、新しい画像での検索{upload}秒。"
        "このカタログ（{items}点、{made}）：検索{search}ミリ秒、ディスク{bytes}KB/点。",
    ),
    "running_sizes": (
        "At other sizes, on vectors resampled from those of “{catalog}” ({date}), a search by one attribute: {sizes}; {clients} "
        "clients at once get {together} answers a second among {last}.",
        "規模を変えた測定（「{catalog}」のベクトルをもとに合成、{date}）。1属性の検索：{sizes}。同時{clients}人の場合、{last}点で毎秒{together}件。",
    ),
    "by_scan": ("{search} ms among {items} (scan)", "{items}点で{search}ミリ秒（全件比較）"),
    "by_index": ("{search} ms among {items} (index)", "{items}点で{search}ミリ秒（インデックス）"),
    "running_carried": (
        "A scan grows with the pictures, an index, which answers above {scanned}, with their logarithm: among {items} {search} ms "
        "({how}), {together} a second.",
        "全件比較の時間は点数に、{scanned}点を超えると使われるインデックスの時間は点数の対数に比例するとみなし、"
        "{items}点では{search}ミリ秒（{how}）、毎秒{together}件。",
    ),
    "running_scanned": (
        "A scan grows with the pictures; an index, which answers above {scanned}, was not timed and is taken to be no slower than "
        "the scan of as many: among {items} {search} ms ({how}), {together} a second.",
        "全件比較の時間は点数に比例するとみなします。{scanned}点を超えると使われるインデックスは測定しておらず、{scanned}点の全件比較より遅くはならないものとして、"
        "{items}点では{search}ミリ秒（{how}）、毎秒{together}件。",
    ),
    "carried_between": ("within what was measured", "測定範囲内"),
    "carried_beyond": ("beyond what was measured", "測定範囲外の推定"),
    "running_parts": (
        "A picture with {attributes} attributes takes {raw} KB of raw vectors, {derived} KB of compared ones, {sketch} KB of "
        "sketches and {index} KB of indexes.",
        "1点（{attributes}属性）あたり、元のベクトル{raw}KB、比較用ベクトル{derived}KB、スケッチ{sketch}KB、インデックス{index}KB。",
    ),
    "running_memory": (
        "{items} pictures: {memory} GB of memory (compared vectors; above {scanned} sketches and indexes too), {disk} GB on the disk.",
        "{items}点では、メモリ{memory}GB（比較用ベクトル。{scanned}点を超える場合はスケッチとインデックスも含む）、ディスク{disk}GB。",
    ),
    "running_assumed": (
        "Not measured: how fast the machines below are, and that a graphics card is {gpu} times as fast as two cores.",
        "実測していないもの：下記の計算機の速度と、GPUを2コアの{gpu}倍とする換算。",
    ),
    "machine": ("machine", "計算機"),
    "once_hours": ("{items} pictures once", "{items}点の初回処理"),
    "daily": ("{items} new a day", "1日{items}点の追加"),
    "one_search": ("one search", "検索1回"),
    "machines": ("machines", "台数"),
    "month": ("a month", "月額"),
    "once": ("once", "初回"),
    "too_small": ("memory too small", "メモリ不足"),
    "price_read": ("price read", "価格の確認日"),
    "price_note": (
        "Prices as stated by: {sources}. Ranges come from each machine's assumed speed ({file}).",
        "価格の出典：{sources}。幅は各計算機の想定速度によるものです（{file}）。",
    ),
    "decision": ("4 Decision", "4 判断"),
    "kpi_time": ("A search takes", "検索1回の所要時間"),
    "kpi_estimate": ("estimate", "見積もり"),
    "kpi_manual": ("today, as stated", "現状（想定）"),
    "kpi_similar": ("with ordinary similarity", "通常の類似検索"),
    "kpi_lapel": ("with Lapel", "Lapel"),
    "saved_hours": ("saved a month over today", "現状からの削減（月間）"),
    "similar_hours": ("of it with ordinary similarity too", "うち通常の類似検索でも得られる分"),
    "orders": ("orders a month more than with ordinary similarity", "通常の類似検索より多い注文（月間）"),
    "kpi_money": ("Money ({currency})", "金額（{currency}）"),
    "over_similar": ("of it over ordinary similarity", "うち通常の類似検索を上回る分"),
    "similar_too": ("of it with ordinary similarity too", "うち通常の類似検索でも得られる分"),
    "step_n": ("labels a value", "値ごとのラベル数"),
    "step_all": ("in all", "合計"),
    "step_gain": ("points of P@12 gained", "P@12の向上（ポイント）"),
    "step_behind": ("points behind the best", "最良との差（ポイント）"),
    "step_cost": ("cost", "費用"),
    "formula": (
        "Time of a search = (seconds to pose it + right pictures wanted ÷ P@12 × seconds a picture); orders = searches × 12 × "
        "gain in P@12 × orders per 1,000 right pictures ÷ 1,000. Ranges tell how sure P@12 is and how fast the machine; what is "
        "assumed is not in them. Running is taken to cost the same with ordinary similarity.",
        "検索1回の時間＝検索条件を決める秒数＋必要な正解数÷P@12×1点を見る秒数。注文数＝検索数×12×P@12の向上×正解1,000点あたりの注文数÷1,000。"
        "幅はP@12の誤差と計算機の速度によるもので、前提の不確かさは含みません。運用費は通常の類似検索でも同じとします。",
    ),
    "used_note": (
        "From {accepted} hits that were taken in {days} days of use: {seconds} s to the hit, {searches} searches a month.",
        "{days}日間の利用記録（採用{accepted}件）による実測：採用まで{seconds}秒、月{searches}回の検索。",
    ),
    "benefit": ("saved a month over today", "現状からの効果（月間）"),
    "running_month": ("running, a month", "運用費（月間）"),
    "labels_money": ("labels, once", "ラベル付け（初期）"),
    "embedding": ("embedding, once", "画像の処理（初期）"),
    "training": ("training on own images, once", "自社画像での学習（初期）"),
    "outcome": ("left over today after {months} months", "現状と比べた{months}か月の収支"),
    "net_left": ("left over ordinary similarity", "通常の類似検索と比べた収支"),
    "licence": ("Use in production", "本番での利用"),
    "licence_yes": (
        "Allowed by the terms of all images that the weights were trained on.",
        "重みの学習に使われた全画像の利用条件により認められます。",
    ),
    "licence_no": (
        "Not with these weights: they were trained on images whose terms allow research only, or say nothing ({names}). "
        "Production needs weights trained on images of your own: {labels} labels and {hours} h of a T4, {money} (assumed). "
        "These weights took {minutes} minutes on {images} images.",
        "この重みのままでは認められません。研究目的に限られる、または条件の記載がない画像（{names}）で学習されているためです。本番には自社画像での学習が必要です："
        "ラベル{labels}個とT4で{hours}時間、{money}（想定）。この重みの学習には、画像{images}点で{minutes}分かかりました。",
    ),
    "licence_unknown": (
        "Nothing is told of the images that these weights were trained on; ask who made them. Counted as if they had to be "
        "trained on images of your own: {money} (assumed).",
        "この重みの学習に使われた画像は不明です。作成者に確認してください。ここでは自社画像での学習が必要なものとして{money}（想定）を計上しました。",
    ),
    "assumptions": ("Assumptions (all may be changed)", "前提（すべて変更できます）"),
    "swing": (
        "What the net over ordinary similarity hangs on: {months} months, each assumption halved and doubled",
        "通常の類似検索と比べた収支を左右する前提：{months}か月、各前提を半分と2倍にした場合",
    ),
    "swing_note": (
        "Brown: halved. Blue: doubled. Black: as stated; dotted: nothing left. No bar (no effect on the difference, or 0): {names}.",
        "茶：半分、青：2倍、黒線：前提どおり、点線：収支ゼロ。棒のない前提（差に影響しないか0）：{names}。",
    ),
    "swing_flips": ("What changes the verdict.", "判断が変わる場合。"),
    "flip_below": ("{name} below {value}", "{name}が{value}未満"),
    "flip_above": ("{name} above {value}", "{name}が{value}超"),
    "comma": (", ", "、"),
    "flips_go": ("Worth doing: {flips}.", "導入の価値あり：{flips}。"),
    "flips_retrain": ("Worth doing with own weights: {flips}.", "自社の重みなら導入の価値あり：{flips}。"),
    "flips_similar": ("Ordinary similarity is the better buy: {flips}.", "通常の類似検索のほうが得：{flips}。"),
    "flips_pilot": ("Worth a pilot only: {flips}.", "試験導入のみ：{flips}。"),
    "flips_open": ("Not decided: {flips}.", "判断不可：{flips}。"),
    "flips_no": ("Not worth doing: {flips}.", "導入の価値なし：{flips}。"),
    "swing_firm": (
        "No assumption, halved or doubled alone, changes the verdict.",
        "どの前提も、単独で半分または2倍にしただけでは判断は変わりません。",
    ),
    "measured": ("measured", "実測"),
    "assumed": ("assumed", "想定"),
    "derived": ("derived", "算出"),
    "made_by": (
        "Lapel · python -m library poc · seed {seed} · catalog {digest} · weights {weights}",
        "Lapel・python -m library poc・乱数の種 {seed}・カタログ {digest}・重み {weights}",
    ),
    "a_minutes_a_label": ("minutes a label", "ラベル1個の分数"),
    "a_wage": ("wage an hour", "時給"),
    "a_currency": ("currency", "通貨"),
    "a_per_dollar": ("{currency} per US dollar", "1米ドルあたりの{currency}"),
    "a_items": ("pictures in the catalog", "カタログの画像数"),
    "a_new_items": ("new pictures a day", "1日の新規画像数"),
    "a_searches_a_second": ("searches a second at the busiest", "ピーク時の検索数（毎秒）"),
    "a_uploads": ("% of searches by a new picture", "新しい画像での検索の割合（％）"),
    "a_searches": ("searches a month", "月間の検索数"),
    "a_manual_minutes": ("minutes a search takes today", "現状の検索1回の分数"),
    "a_query_seconds": ("seconds to pose a search", "検索条件を決める秒数"),
    "a_wanted": ("right pictures wanted a search", "検索1回に必要な正解数"),
    "a_seconds_a_picture": ("seconds to look at a picture", "1点を見る秒数"),
    "a_conversion": ("orders per 1,000 right pictures more", "正解1,000点増あたりの注文数"),
    "a_margin": ("margin of an order", "注文1件の利益"),
    "a_retrain_labels": ("labels to train own weights", "自社学習に必要なラベル数"),
    "a_retrain_hours": ("hours of a T4 to train them", "自社学習のT4時間"),
    "a_storage": ("US dollars a GB and month", "GB・月あたりの米ドル"),
    "a_months": ("months to pay within", "回収期限（月）"),
    "a_hardware": ("machine", "計算機"),
    "a_gain": ("gain in P@12 (its interval)", "P@12の向上（信頼区間）"),
}
