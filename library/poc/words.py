"""What the sheet says, in English and in Japanese."""

from typing import Any, Literal

from library.poc.second_words import SECOND_WORDS

Lang = Literal["en", "ja"]

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Proof of concept: {name}", "PoC結果：{name}"),
    "about": (
        "{items} pictures · {labelled} · measured {date} · weights {weights}",
        "画像{items}点・{labelled}・測定日 {date}・重み {weights}",
    ),
    "about_part": (
        "{measured} of {items} pictures · {labelled} · measured {date} · weights {weights}",
        "画像{items}点のうち{measured}点・{labelled}・測定日 {date}・重み {weights}",
    ),
    "all_labels": ("all labelled pictures", "ラベル付きの全画像"),
    "of_split": ("split “{split}”", "分割「{split}」"),
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
    "on_average": ("On average over {count} attributes", "{count}属性の平均で"),
    "on_average_best": (
        "On average over {count} attributes, each as it is or taught, whichever is better",
        "{count}属性の平均（各属性で「そのまま」と「学習後」の良い方）で",
    ),
    "own_weights": (
        "That weights trained on images of your own gain as much is assumed, not measured.",
        "自社画像で学習した重みでも同じ効果があるというのは前提で、実測ではありません。",
    ),
    "of_one": ("Asked for {name}", "「{name}」の検索で"),
    "head_better": (
        "{of}, {ours} of the first 12 results are right; with ordinary similarity {usual} are: {gain} more right results of 12 "
        "(95 % interval {low} to {high}).",
        "{of}は、上位12件のうち{ours}件が正解です。通常の類似検索では{usual}件で、{gain}件多くなります"
        "（95%信頼区間 {low}〜{high}件）。",
    ),
    "head_worse": (
        "{of}, {ours} of the first 12 results are right; ordinary similarity does better with {usual}: {gain} right results of 12 "
        "(95 % interval {low} to {high}).",
        "{of}は、上位12件のうち{ours}件が正解です。通常の類似検索の{usual}件に及びません。"
        "差は{gain}件です（95%信頼区間 {low}〜{high}件）。",
    ),
    "head_open": (
        "{of}, {ours} of the first 12 results are right; with ordinary similarity {usual} are. Which is better is not decided: "
        "{gain} right results of 12 (95 % interval {low} to {high}).",
        "{of}は、上位12件のうち{ours}件が正解です。通常の類似検索では{usual}件でした。どちらが良いかは、まだ判断できません。"
        "差は{gain}件です（95%信頼区間 {low}〜{high}件）。",
    ),
    "net": (
        "Over ordinary similarity: about {money} after {months} months.",
        "通常の類似検索と比べた収支：{months}か月で約{money}。",
    ),
    "net_exact": (
        "How sure P@12 is changes this hardly; the assumptions do.",
        "P@12の誤差の影響はわずかですが、前提によって変わります。",
    ),
    "net_range": (
        "{between} by the 95 % interval of P@12; what is assumed is not in this range.",
        "P@12の95%信頼区間による幅は{between}。前提の不確かさは含みません。",
    ),
    "net_open": (
        "{between} by the 95 % interval of P@12, which does not decide it; what is assumed is not in this range.",
        "P@12の95%信頼区間による幅は{between}で、判断できません。前提の不確かさは含みません。",
    ),
    "whole_but": (
        "Over the way it is done today: about {outcome}, of which all but {net} would come with ordinary similarity too.",
        "現状の探し方と比べた収支：約{outcome}。このうち{net}を除くすべては、通常の類似検索でも得られます。",
    ),
    "whole_of": (
        "Over the way it is done today: about {outcome}, of which {similar} would come with ordinary similarity too.",
        "現状の探し方と比べた収支：約{outcome}。このうち{similar}は、通常の類似検索でも得られます。",
    ),
    "whole_less": (
        "Over the way it is done today: about {outcome}; with ordinary similarity it would be {similar}.",
        "現状の探し方と比べた収支：約{outcome}。通常の類似検索なら{similar}になります。",
    ),
    "even_paid": (
        "Break-even: labels and training cost {once} once and come back after {time} at {monthly} a month more than with ordinary "
        "similarity; within {horizon} months from about {searches} searches a month.",
        "損益分岐：ラベル付けと学習の初期費用{once}は、通常の類似検索を上回る月{monthly}の効果により{time}で回収できます。"
        "月に約{searches}回以上の検索があれば{horizon}か月以内に回収できます。",
    ),
    "between": ("{low} to {high}", "{low}〜{high}"),
    "days": ("{count} days", "{count}日"),
    "a_day": ("a day", "1日"),
    "months": ("about {count} months", "約{count}か月"),
    "time_seconds": ("{count} seconds", "{count}秒"),
    "time_minutes": ("{count} minutes", "{count}分"),
    "time_hours": ("{count} hours", "{count}時間"),
    "even_free": (
        "Break-even: at once. Nothing more is paid once than for ordinary similarity, and {monthly} a month more are left.",
        "損益分岐：追加の初期費用はなく、通常の類似検索より月{monthly}多く残ります。",
    ),
    "even_never": (
        "Break-even: never over ordinary similarity, as stated.",
        "損益分岐：この前提では、通常の類似検索を上回ることはありません。",
    ),
    "even_not_at_all": (
        "Break-even: never as stated; running costs more than it saves.",
        "損益分岐：この前提では、運用費が効果を上回るため回収できません。",
    ),
    "even_needs": (
        " It would take about {searches} searches a month.",
        "回収するには月に約{searches}回の検索が必要です。",
    ),
    "legend": (
        "<span class='lapel-poc-letters'><abbr>M</abbr> measured here <abbr>A</abbr> assumed <abbr>D</abbr> derived from both. </span>"
        "Ordinary similarity: the same "
        "pictures ranked by a network that knows nothing of attributes (global similarity).",
        "<span class='lapel-poc-letters'><abbr>M</abbr> 実測 <abbr>A</abbr> 想定 <abbr>D</abbr> 両者から算出。</span>"
        "通常の類似検索：属性を知らないネットワークで同じ画像を並べたもの（全体の類似度）。",
    ),
    "gain": ("1 Gain: P@12 in percent", "1 効果：P@12（％）"),
    "gain_note": (
        "P@12: right results among the first 12, divided by 12, in percent; a value with few pictures cannot fill 12 places, hence "
        "“at most”. Labelled pictures ask each other. Taught: each pair is read without the labels of either. Points: over "
        "ordinary similarity on the same queries, with the 95 % interval (bootstrap over queries).",
        "P@12：上位12件の正解数を12で割った割合（％）。画像の少ない値では12件が埋まらないため「上限」があります。ラベル付きの画像どうしを検索して測定しました。"
        "「学習後」は、どの組も両者のラベルを使わずに判定しています。ポイントは、同じ検索での通常の類似検索との差と95%信頼区間です（検索単位のブートストラップ）。",
    ),
    "same_note": (
        "Metrics has the same P@12 and MAP of Lapel as it is, but averages over queries, not attributes, and decides more "
        "cautiously where there are several attributes.",
        "「そのまま」の値は、「精度」タブで同じ画像を測定したP@12・MAPと一致します。ただし「精度」タブの平均は属性ではなくクエリについての平均で、"
        "属性が複数あるときの判定はより慎重です。",
    ),
    "other_note": (
        "Metrics may differ a little for {names}: here {asked} labelled pictures, drawn by lot, ask each other; there a share of "
        "them asks all.",
        "{names}は「精度」タブの値とわずかに異なることがあります。ここでは抽選した{asked}点のラベル付き画像どうしで検索しますが、「精度」タブでは一部の画像から全体を検索します。",
    ),
    "attribute": ("attribute", "属性"),
    "queries": ("queries", "検索数"),
    "chance_most": ("chance / at most", "偶然／上限"),
    "points": ("points (95 % interval)", "ポイント（95%信頼区間）"),
    "similar": ("ordinary similarity", "通常の類似検索"),
    "before": ("Lapel as it is", "Lapel（そのまま）"),
    "after": ("taught", "学習後"),
    "used_so": ("best use", "使い方"),
    "as_it_is": ("as it is", "そのまま"),
    "with_labels": ("taught, {labels} labels", "学習（ラベル{labels}個）"),
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
        "Duplicates between splits are left out ({count} pictures).",
        "分割間で重複する画像{count}点を除きました。",
    ),
    "trained_warning": (
        "Caution: the weights were trained on pictures that are measured here, which flatters these figures. Make the sheet of "
        "the test split, or of pictures that they have not seen.",
        "注意：この重みは、ここで測定した画像で学習されているため、数値は実際より高く出ます。テスト用の分割か、学習に使われていない画像で作成してください。",
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
        "値ごとに{n}個（合計{labels}個）で十分です。{best}個の場合と比べてP@12の低下は1ポイント以内です（信頼度95%）。",
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
        "The next {more} labels: MAP from {now} % to between {low} and {high} %, expected.",
        "次のラベル{more}個で、MAPは{now}％から{low}〜{high}％になる見込みです。",
    ),
    "label_cost": (
        "Labels to give: {labels}, {time} of work, {money}.",
        "必要なラベル：{labels}個、作業{time}、{money}。",
    ),
    "label_none": ("No labels are needed.", "ラベルは必要ありません。"),
    **SECOND_WORDS,
}


def say(key: str, lang: str, **facts: Any) -> str:
    """A sentence in a language, "en" unless it is "ja"."""
    return WORDS[key][lang == "ja"].format(**facts)
