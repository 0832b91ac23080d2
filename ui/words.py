"""Every text of the page, in English and Japanese, and the language of a visitor."""

from collections.abc import Mapping
from string import Formatter
from typing import Any

from ui.attribute_words import ATTRIBUTE_WORDS
from ui.catalog_words import CATALOG_WORDS
from ui.compare_words import COMPARE_WORDS
from ui.designs_words import DESIGNS_WORDS
from ui.labelling_words import LABELLING_WORDS
from ui.manage_words import MANAGE_WORDS
from ui.metrics_compare_words import METRICS_COMPARE_WORDS
from ui.metrics_detail_words import METRICS_DETAIL_WORDS
from ui.metrics_words import METRICS_WORDS
from ui.picture_words import PICTURE_WORDS
from ui.poc_words import POC_WORDS
from ui.query_words import QUERY_WORDS
from ui.report_words import REPORT_WORDS
from ui.result_words import RESULT_WORDS
from ui.upload_words import UPLOAD_WORDS
from ui.why_words import WHY_WORDS

LANGUAGES = {"en": "English", "ja": "日本語"}

WORDS: dict[str, tuple[str, str]] = {
    "tagline": (
        "Search a fashion catalog by one attribute at a time: the lapel, not the whole look.",
        "気になる属性だけで探すファッション検索。全体の雰囲気ではなく、たとえば「ラペル」だけで。",
    ),
    "language": ("Language", "言語"),
    "tab_search": ("Search", "検索"),
    "tab_metrics": ("Metrics", "精度"),
    "skip": ("Skip to the results", "検索結果へ移動"),
    # query
    "invite": (
        "Drop a picture of a garment here, paste one, or choose a file.",
        "服の画像をここにドロップするか、貼り付けるか、ファイルを選んでください。",
    ),
    "reading": ("Reading the picture…", "画像を読み込んでいます…"),
    "tool_choose": ("Choose a picture", "画像を選ぶ"),
    "tool_camera": ("Take a photo", "カメラで撮る"),
    "tool_paste": ("Paste a picture", "画像を貼り付ける"),
    "tool_enlarge": ("Show in full", "全画面で見る"),
    "tool_remove": ("Remove the picture", "画像を外す"),
    "shoot": ("Take the photo", "撮影"),
    "cancel": ("Cancel", "キャンセル"),
    "refused_large": (
        "The file is larger than {most} MB; make it smaller.",
        "ファイルが大きすぎます。{most}MBまでです。",
    ),
    "refused_upload": (
        "The file could not be sent; check the connection and try again.",
        "ファイルを送信できませんでした。接続を確かめて、もう一度お試しください。",
    ),
    "refused_clipboard": (
        "No picture could be taken from the clipboard; copy a picture first, or press Ctrl+V.",
        "クリップボードから画像を取得できませんでした。画像をコピーするか、Ctrl+Vで貼り付けてください。",
    ),
    "refused_camera": (
        "The camera cannot be used; allow it in the browser, or choose a file.",
        "カメラを使えません。ブラウザーで許可するか、ファイルを選んでください。",
    ),
    "query_image": ("Query image", "クエリ画像"),
    "query_alt": ("The garment that you search with", "検索に使う服の画像"),
    "pick": ("or pick one from the catalog", "またはカタログから選ぶ"),
    "shuffle": ("Show others", "ほかを表示"),
    "more_attributes": ("More attributes (not labelled here)", "その他の属性（ラベルなし）"),
    "more_info": (
        "Choosing one embeds the catalog for it first, in the background: about {time}.",
        "選ぶと、はじめにその属性でカタログを埋め込みます（バックグラウンドで約{time}）。",
    ),
    "unknown_attribute": (": labelled, not known yet;", "：ラベルあり、未学習"),
    "teach_unknown": ("teach it", "学習させる"),
    "embedding_first": (
        "{names}: the catalog is embedded for this first, in the background, about {time} for {count:# item|# items}. "
        "Untick it to stop.",
        "{names}：はじめにカタログを埋め込みます。{count}点で約{time}かかります（バックグラウンドで実行）。"
        "選択を外すと中止します。",
    ),
    "bound_high": ("{most} is the most", "最大は{most}です"),
    "bound_low": ("{least} is the least", "最小は{least}です"),
    "advanced": ("Advanced", "詳細設定"),
    "beta": ("Region ↔ patch", "領域↔パッチ"),
    "beta_info": (
        "0 compares details (patch), 1 the part that attention found (region)",
        "0は細部（パッチ）、1は注目した領域で比較",
    ),
    "gamma": ("Attribute ↔ general view", "属性↔全体の印象"),
    "gamma_info": (
        "Share of the general view, which knows no attribute: more helps on pictures unlike those trained on",
        "属性を区別しない全体の印象の割合。学習画像と異なる写真では大きくすると安定します",
    ),
    "filters": ("Only show", "絞り込み"),
    "filters_info": (
        "Same column: any of them. Different columns: all of them.",
        "同じ項目はいずれか、異なる項目はすべてを満たすもの",
    ),
    "range_all": ("any number", "すべての数値"),
    "range_under": ("under {high}", "{high}未満"),
    "range_from": ("{low} and more", "{low}以上"),
    "range_whole": ("{low} – {high}", "{low}〜{high}"),
    "range_part": ("{low} to under {high}", "{low}以上{high}未満"),
    "unlisted": (
        "Not listed, since there are too many different values: {names}.",
        "値の種類が多すぎるため、選べない項目：{names}",
    ),
    "more_columns": ("and {count} more", "ほか{count}項目"),
    # results
    "results": ("Results", "検索結果"),
    "latency": ("{ms} ms", "{ms}ミリ秒"),
    "among": ("{count} of {total:# item|# items}", "{total}点中{count}点を表示"),
    "among_filtered": (
        "{count} of {total:# item that passes|# items that pass} the filters",
        "条件に合う{total}点中{count}点を表示",
    ),
    "without_query": ("the query itself is left out", "クエリ自身を除く"),
    "see_results": ("New results ↓", "新しい検索結果↓"),
    "score": ("score", "スコア"),
    "very_likely": ("very likely", "可能性：高"),
    "likely": ("likely", "可能性：中"),
    "unlikely": ("unlikely", "可能性：低"),
    "chance_line": ("{name}: {percent} % chance of the same value", "{name}：同じ値の確率{percent}%"),
    "hidden_hits": (
        "{names}: it seems that this cannot be seen on these items",
        "{names}：次のアイテムでは見えないようです",
    ),
    "hidden_query": (
        "{names}: it seems that this cannot be seen on your picture, so the order says little.",
        "{names}：クエリの画像では見えないようです。順位はあまり当てになりません。",
    ),
    "as_trained": ("as trained", "学習時のまま"),
    "least": ("How likely must a match be?", "一致の可能性の下限"),
    "least_any": ("any", "指定なし"),
    "least_likely": ("likely or better", "中以上"),
    "least_very": ("very likely", "高のみ"),
    "no_hits": ("No item passes these filters.", "条件に合うアイテムがありません。"),
    "no_others": ("The catalog has no other item to show.", "カタログにほかのアイテムがありません。"),
    "left_out": (
        "Left out: {count} of {total:# item|# items} ({why})",
        "{total}点中{count}点は検索の対象外です（{why}）",
    ),
    "left_out_pictures": ("without a picture that can be read: {count}", "読み込める画像がない：{count}点"),
    "left_out_again": ("there already, in an earlier row: {count}", "前の行と同じもの：{count}点"),
    "left_out_broken": ("rows that cannot be read: {count}", "読み込めない行：{count}件"),
    "left_out_line": (" ({table}, line {line})", "（{table}の{line}行目）"),
    "noted": ("Notes about the catalog's files: {count}", "カタログのファイルについて：{count}件"),
    "left_out_more": ("and {count} more", "ほか{count}点"),
    "asked_catalog": (
        "The address asks for a catalog that is not here ('{id}'); another is shown.",
        "アドレスで指定されたカタログ（{id}）はここにないため、別のカタログを表示しています。",
    ),
    "gone_catalog": (
        "The catalog that you searched is no longer here; '{name}' is shown.",
        "検索していたカタログはなくなりました。「{name}」を表示しています。",
    ),
    "catalog": ("Catalog", "カタログ"),
    "asked_item": (
        "The address asks for item '{id}', which cannot be searched with here; another is shown.",
        "アドレスで指定されたアイテム「{id}」は使えないため、別のアイテムを表示しています。",
    ),
    "asked_attribute": (
        "The address asks for the attribute '{name}', which is not known here; known are: {known}.",
        "アドレスで指定された属性「{name}」はありません。使える属性：{known}",
    ),
    "need_query": (
        "Add a picture, or pick an item from the catalog.",
        "画像を追加するか、カタログからアイテムを選んでください。",
    ),
    # explanation
    "explanation": ("Why this result?", "なぜこの結果？"),
    "query_side": ("Query", "クエリ"),
    "hit_side": ("Result {rank}", "結果{rank}位"),
    "attention": ("Where it looked", "注目した領域"),
    "patch_attention": ("Close up", "拡大表示"),
    "attention_alt": ("{side}: attention map and frame for {name}", "{side}：{name}のアテンションと枠"),
    "patch_alt": (
        "{side}: patch attention in the frame for {name}",
        "{side}：枠の中における{name}のパッチアテンション",
    ),
    "taught": ("{name} (taught)", "{name}（学習済み）"),
    "explain_attribute": ("Look at", "表示する属性"),
    "search_with_hit": ("Search with this result", "この結果で検索"),
    "unlabelled": ("not labelled", "ラベルなし"),
    # service
    "stage_waiting": ("Starting", "起動しています"),
    "stage_weights": ("Loading the weights", "重みを読み込んでいます"),
    "stage_table": (
        "Embedding the catalog, once: {done} of {total:# item|# items}",
        "カタログを埋め込み中（初回のみ）：{total}点中{done}点",
    ),
    "stage_more": (
        "Embedding the catalog for {names}: {done} of {total:# item|# items}",
        "「{names}」でカタログを埋め込み中：{total}点中{done}点",
    ),
    "left": ("about {time} left", "残り約{time}"),
    "seconds": ("{count:.0f} s", "{count:.0f}秒"),
    "minutes": ("{count} min", "{count}分"),
    "hours": ("{hours} h {minutes} min", "{hours}時間{minutes}分"),
    "stage_failed": ("Lapel could not start: {error}", "起動できませんでした。{error}"),
    "fallback": (
        "The weights {weights} could not be loaded, so the built-in ones are in use. ({error})",
        "重み{weights}を読み込めなかったため、内蔵の重みを使っています。{error}",
    ),
    "refused": ("{error}", "処理できませんでした。{error}"),
    "bad_image": (
        "{error}",
        "この画像は使えません。{error}",
    ),
    "unexpected": ("Something went wrong: {error}", "エラーが発生しました（{error}）。"),
    "stop": ("Stop", "中止"),
    "stopped": (
        "Stopped. What was embedded is kept; choose the attribute again to go on.",
        "中止しました。途中までの結果は保存されています。もう一度属性を選ぶと続きから始めます。",
    ),
    **ATTRIBUTE_WORDS,
    **CATALOG_WORDS,
    **COMPARE_WORDS,
    **DESIGNS_WORDS,
    **LABELLING_WORDS,
    **MANAGE_WORDS,
    **METRICS_WORDS,
    **METRICS_COMPARE_WORDS,
    **METRICS_DETAIL_WORDS,
    **PICTURE_WORDS,
    **POC_WORDS,
    **QUERY_WORDS,
    **REPORT_WORDS,
    **RESULT_WORDS,
    **UPLOAD_WORDS,
    **WHY_WORDS,
}


GRADIO = {
    "More tabs": "ほかのタブ",
    "Download plot as a PNG": "グラフをPNGで保存",
    "Connection Lost": "接続が切れました",
    "Connection to the server was lost. Attempting reconnection...": "サーバーとの接続が切れました。再接続しています…",
    "Connection errored out.": "接続でエラーが起きました。",
    "This application is currently busy. Please try again.": "混み合っています。もう一度お試しください。",
    "Error": "エラー",
    "Warning": "注意",
    "Info": "お知らせ",
    "Close": "閉じる",
    "Remove": "外す",
    "Clear": "すべて外す",
    "Dismiss": "閉じる",
    "Loading": "読み込み中",
    "Loading...": "読み込み中…",
    "processing": "処理中",
    "This app has been updated.": "アプリが更新されました。",
    "Reload": "再読み込み",
}
"""Words that Gradio has in English alone → Japanese; `scripts/page.js` puts them in."""
GRADIO_COUNTS = {r"^(\d+) choices shown, (\d+) remaining$": "$1件を表示しています（ほか$2件）"}
"""The same for sentences with numbers: regular expression → replacement, both as JavaScript has them."""


class _Counting(Formatter):
    """Fills in placeholders; `{count:# item|# items}` says the first for one, else the second, with the number for #."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, many = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return (one if str(value) == "1" else many).replace("#", str(value))


_FILLED = _Counting()


def word(key: str, lang: str, **values: object) -> str:
    """The text of a key in a language ("en" unless "ja"), with its {placeholders} filled in."""
    english, japanese = WORDS[key]
    return _FILLED.vformat(japanese if lang == "ja" else english, (), values)


def dictionary(lang: str) -> dict[str, str]:
    return {key: word for key, (english, japanese) in WORDS.items() for word in [japanese if lang == "ja" else english]}


def choose_language(asked: str | None, accept: str | None, default: str | None = None) -> str:
    """The language of a page: asked for in the address, else the first we speak in Accept-Language, else `default`.

    `default`, where the operator gave one, goes before Accept-Language.
    """
    for tag in (asked, default):
        if tag and tag[:2].lower() in LANGUAGES:
            return tag[:2].lower()
    return next((tag for tag in _preferred(accept or "") if tag in LANGUAGES), "en")


def _preferred(accept: str) -> list[str]:
    """Primary language tags of an Accept-Language header, most wanted first."""
    wanted = []
    for part in accept.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            wanted.append((float(quality or 1), tag[:2].lower()))
        except ValueError:
            continue
    return [tag for quality, tag in sorted(wanted, key=lambda pair: -pair[0]) if quality > 0]


def language_of(headers: Mapping[str, str], query: Mapping[str, str], default: str | None = None) -> str:
    return choose_language(query.get("lang"), headers.get("accept-language"), default)
