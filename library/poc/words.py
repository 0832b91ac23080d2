"""What the sheet says, in English and in Japanese."""

from typing import Any, Literal

Lang = Literal["en", "ja"]

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Proof of concept: {name}", "PoC結果：{name}"),
    "about": (
        "{items} pictures · {labelled} · measured {date} · weights {weights}",
        "画像{items}点・{labelled}・測定日 {date}・重み {weights}",
    ),
    "all_labels": ("all labelled pictures", "ラベル付きの全画像"),
    "of_split": ("split {split}", "分割「{split}」"),
    "verdict_go": ("Worth doing.", "導入の価値があります。"),
    "verdict_retrain": (
        "Worth doing, with weights trained on images of your own.",
        "自社画像で重みを学習し直せば、導入の価値があります。",
    ),
    "verdict_similar": (
        "Search pays, but as stated ordinary similarity is the better buy.",
        "検索の導入は採算が取れますが、この前提では通常の類似検索のほうが得です。",
    ),
    "verdict_pilot": (
        "Worth a pilot; for production it does not yet pay.",
        "試験導入の価値はありますが、本番では採算が取れません。",
    ),
    "verdict_open": ("Not decided by these pictures.", "この画像だけでは判断できません。"),
    "verdict_no": ("Not worth doing as stated.", "この前提では導入の価値がありません。"),
    "head_better": (
        "Of the first 12 results, {ours} are right; with ordinary similarity {usual} are "
        "(difference {low} to {high}, 95 % sure).",
        "上位12件のうち{ours}件が正解です。通常の類似検索では{usual}件でした（差は{low}〜{high}件、信頼度95％）。",
    ),
    "head_worse": (
        "Of the first 12 results, {ours} are right; ordinary similarity does better with {usual} "
        "(difference {low} to {high}, 95 % sure).",
        "上位12件のうち{ours}件が正解です。通常の類似検索の{usual}件に及びません（差は{low}〜{high}件、信頼度95％）。",
    ),
    "head_open": (
        "Of the first 12 results, {ours} are right; with ordinary similarity {usual} are. Which is better is not decided "
        "(difference {low} to {high}).",
        "上位12件のうち{ours}件が正解です。通常の類似検索では{usual}件でした。どちらが良いかは、まだ判断できません（差は{low}〜{high}件）。",
    ),
    "even_paid": (
        "Break-even: {once} paid once come back after {time} at {monthly} left a month; it pays within "
        "{horizon} months from {searches} searches a month.",
        "損益分岐：初期費用{once}は、月{monthly}の効果により{time}で回収できます。月{searches}回以上の検索があれば"
        "{horizon}か月以内に回収できます。",
    ),
    "even_similar": (
        "Over ordinary similarity, which needs no labels and no training: {money} after {months} months{sure}.",
        "ラベルも学習も要らない通常の類似検索と比べた場合：{months}か月後に{money}{sure}。",
    ),
    "even_similar_open": (" ({between}: not decided)", "（{between}、判断不可）"),
    "even_similar_range": (" ({between})", "（{between}）"),
    "between": ("{low} to {high}", "{low}〜{high}"),
    "days": ("{count} days", "{count}日"),
    "a_day": ("a day", "1日"),
    "months": ("{count} months", "{count}か月"),
    "even_free": (
        "Break-even: nothing is paid once, and {monthly} are left each month.",
        "損益分岐：初期費用はなく、毎月{monthly}の効果が残ります。",
    ),
    "even_never": (
        "Break-even: never as stated; running costs more than it saves.",
        "損益分岐：この前提では、運用費が効果を上回るため回収できません。",
    ),
    "even_needs": (
        " It would take {searches} searches a month.",
        "回収するには月{searches}回の検索が必要です。",
    ),
    "gain": ("1 Gain", "1 効果"),
    "gain_note": (
        "Labelled pictures ask each other. Taught: each pair is read without the labels of either. Δ: points of P@12 over "
        "ordinary similarity on the same queries, 95 % interval (bootstrap over queries).",
        "ラベル付きの画像どうしを検索して測定しました。「学習後」は、どの組も両者のラベルを使わずに判定しています。Δは同じ検索での通常の類似検索との差"
        "（P@12、ポイント）と95％信頼区間（検索単位のブートストラップ）です。",
    ),
    "short_note": (
        "For {names}, some values have fewer than 12 right pictures; P@12 is there over as many places as there are.",
        "{names}には正解が12件に満たない値があり、その場合のP@12は正解の数までの順位で計算しています。",
    ),
    "attribute": ("attribute", "属性"),
    "queries": ("queries", "検索数"),
    "chance": ("chance", "偶然"),
    "similar": ("ordinary similarity", "通常の類似検索"),
    "before": ("Lapel as it is", "Lapel（そのまま）"),
    "after": ("taught", "学習後"),
    "delta": ("Δ", "Δ"),
    "used_so": ("best use", "使い方"),
    "as_it_is": ("as it is, no labels", "そのまま（ラベル不要）"),
    "with_labels": ("taught, {labels} labels", "学習（ラベル{labels}個）"),
    "unknown": ("not known to the weights", "重みが知らない属性"),
    "better": ("better", "優位"),
    "worse": ("worse", "劣位"),
    "open": ("not decided", "判断不可"),
    "passed": ("Not measured: {names}.", "測定していない属性：{names}。"),
    "passed_more": (
        "{name} ({labels} labels, about {more} more needed)",
        "{name}（ラベル{labels}個、あと約{more}個必要）",
    ),
    "passed_few": ("{name} ({labels} labels)", "{name}（ラベル{labels}個）"),
    "twins_note": (
        "{count} pictures that another split has, too, were left out.",
        "ほかの分割と重複する画像{count}点を除きました。",
    ),
    "trained_note": (
        "The weights were trained on pictures of this catalog, which flatters “{before}”; measure its test split.",
        "この重みはこのカタログの画像で学習されているため、「{before}」の値は実際より高く出ます。テスト用の分割で測定してください。",
    ),
    "labels": ("2 Labels", "2 ラベル"),
    "labels_note": (
        "P@12 (thick) and MAP (thin) after so many labels a value: means of {draws} draws; the band is where the P@12 of a single "
        "draw falls (90 %). Pictures that were not learnt from rank each other. Dashed: P@12 of ordinary similarity.",
        "値ごとのラベル数とP@12（太線）・MAP（細線）の関係。線は{draws}回の抽出の平均、帯は1回の抽出のP@12が収まる範囲（90％）です。学習に使わない画像"
        "どうしで測定しました。破線は通常の類似検索のP@12です。",
    ),
    "enough": (
        "{n} labels a value are enough ({labels} in all): no worse than {best} by more than one point of P@12, 95 % sure.",
        "値ごとに{n}個（合計{labels}個）で十分です。{best}個の場合と比べてP@12の低下は1ポイント以内です（信頼度95％）。",
    ),
    "enough_top": (
        "The most that were tried, {n} labels a value ({labels} in all), are needed, and more may help; fewer are worse by more "
        "than one point of P@12.",
        "試した最大の{n}個（合計{labels}個）が必要で、さらに増やすと良くなる可能性もあります。それより少ないとP@12が1ポイントより大きく下がります。",
    ),
    "enough_none": (
        "No labels are needed: taught, it does not find more than Lapel as it is, or that is not decided.",
        "ラベルは不要です。学習しても、そのままのLapelより良くなるとは言えません。",
    ),
    "enough_open": (
        "Not decided: {best} labels a value did best, {undecided} may be enough.",
        "判断不可：値ごとに{best}個が最良でしたが、{undecided}個で足りる可能性もあります。",
    ),
    "ahead": (
        "The next {more} labels: MAP from {now} to between {low} and {high}, expected.",
        "次のラベル{more}個で、MAPは{now}から{low}〜{high}になる見込みです。",
    ),
    "label_cost": (
        "Labels to give: {labels}, {hours} hours, {money}.",
        "必要なラベル：{labels}個、{hours}時間、{money}。",
    ),
    "label_none": ("No labels are needed.", "ラベルは必要ありません。"),
    "running": ("3 Running cost", "3 運用費"),
    "running_here": (
        "Measured on {machine}, {cores} cores ({device}), {date}: {images} pictures a second embedded, a search "
        "{search} ms, by a new picture {upload} s, {bytes} KB a picture on the disk.",
        "測定環境：{machine}、{cores}コア（{device}）、{date}。埋め込み{images}点/秒、検索{search}ミリ秒、新しい画像での検索{upload}秒、"
        "ディスク{bytes}KB/点。",
    ),
    "machine": ("machine", "計算機"),
    "once_hours": ("{items} pictures once", "{items}点の初回処理"),
    "daily": ("{items} new a day", "1日{items}点の追加"),
    "one_search": ("one search", "検索1回"),
    "machines": ("machines", "台数"),
    "month": ("a month", "月額"),
    "once": ("once", "初回"),
    "too_small": ("memory too small", "メモリ不足"),
    "price_note": (
        "Prices as stated by {source} (read {date}); ranges from each machine's assumed speed ({file}).",
        "価格は{source}の記載（{date}確認）によります。幅は各計算機の想定速度によるものです（{file}）。",
    ),
    "decision": ("4 Decision", "4 判断"),
    "kpi_minutes": ("Minutes a search", "検索1回の所要時間（分）"),
    "figure": ("figure", "値"),
    "kpi_manual": ("today (stated)", "現状（想定）"),
    "kpi_similar": ("ordinary similarity", "通常の類似検索"),
    "over_similar": ("of it over ordinary similarity", "うち通常の類似検索との差"),
    "step_n": ("labels a value", "値ごとのラベル数"),
    "step_all": ("in all", "合計"),
    "step_gain": ("Δ P@12", "Δ P@12"),
    "step_behind": ("behind best", "最良との差"),
    "step_cost": ("cost", "費用"),
    "kpi_lapel": ("Lapel", "Lapel"),
    "formula": (
        "minutes = (seconds to pose a search + right pictures wanted ÷ P@12 × seconds a picture) ÷ 60; "
        "orders = searches × 12 × gain in P@12 × orders per 1,000 right pictures ÷ 1,000",
        "所要時間（分）＝（検索条件を決める秒数＋必要な正解数÷P@12×1点を見る秒数）÷60、注文数＝検索数×12×P@12の向上×正解1,000点あたりの注文数÷1,000",
    ),
    "used_note": (
        "From {accepted} hits that were taken in {days} days of use: {seconds} s to the hit, {searches} searches a month.",
        "{days}日間の利用記録（採用{accepted}件）による実測：採用まで{seconds}秒、月{searches}回の検索。",
    ),
    "saved_hours": ("hours saved a month", "月間の削減時間"),
    "benefit": ("benefit a month", "月間の効果"),
    "orders": ("orders more a month", "月間の注文増"),
    "running_month": ("running a month", "月間の運用費"),
    "labels_money": ("labels, once", "ラベル付け（初期）"),
    "embedding": ("embedding, once", "画像の処理（初期）"),
    "training": ("training on own images, once", "自社画像での学習（初期）"),
    "outcome": ("left after {months} months", "{months}か月後の収支"),
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
        "What the outcome hangs on: {months} months, each assumption halved and doubled",
        "収支を左右する前提：{months}か月、各前提を半分と2倍にした場合",
    ),
    "swing_note": (
        "Brown: halved. Blue: doubled. Black: as stated; dotted: nothing left.",
        "茶：半分、青：2倍、黒線：前提どおり、点線：収支ゼロ。",
    ),
    "swing_flips": ("Changes the verdict: {names}.", "判断が変わる前提：{names}。"),
    "swing_firm": (
        "No assumption, halved or doubled alone, changes the verdict.",
        "どの前提も、単独で半分または2倍にしただけでは判断は変わりません。",
    ),
    "measured": ("measured", "実測"),
    "assumed": ("assumed", "想定"),
    "derived": ("derived", "算出"),
    "legend": ("M measured here · A assumed · D derived from both", "M：実測　A：想定　D：両者から算出"),
    "made_by": (
        "Lapel · python -m library poc · seed {seed} · catalog {digest} · weights {weights}",
        "Lapel・python -m library poc・乱数の種 {seed}・カタログ {digest}・重み {weights}",
    ),
    "per_month": ("{money} a month", "月{money}"),
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


def say(key: str, lang: str, **facts: Any) -> str:
    """A sentence in a language, "en" unless it is "ja"."""
    return WORDS[key][lang == "ja"].format(**facts)
