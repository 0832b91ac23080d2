"""Words of the explanation of a result and of what is not among them, in English and Japanese; `ui.words` takes them in."""

WHY_WORDS: dict[str, tuple[str, str]] = {
    # terms
    "term_item": ("{name} like {item}", "{item}に近い{name}"),
    "term_picture": ("{name} like your picture", "画像に近い{name}"),
    "term_not_item": ("{name} unlike {item}", "{item}と異なる{name}"),
    "term_not_picture": ("{name} unlike your picture", "画像と異なる{name}"),
    "term_not_value": ("{name}: not {value}", "{name}：{value}以外"),
    # what is likely
    "chance_differs": (
        "The chance is read off the pictures, not off their labels, and for {names} they disagree: either this is one of the "
        "few cases in which it is wrong, or a label is.",
        "確率は画像だけから求めたもので、ラベルは使っていません。{names}では両者が食い違っています。"
        "まれな誤りか、ラベルの誤りのどちらかです。",
    ),
    # sides
    "why_away": ("Away from", "避けるもの"),
    "why_part": ("part of the picture", "画像の一部"),
    "why_turned": ("turned", "回転済み"),
    "why_value": (
        "Stands for “{value}”: the average of {count:# item|# items} labelled with it. Most typical:",
        "「{value}」を表すのは、このラベルが付いた{count}点の平均です。最も典型的なもの：",
    ),
    "why_value_taught": (
        "Stands for “{value}”: what was taught of it. No item here is labelled with it.",
        "「{value}」を表すのは、学習した内容です。このラベルが付いたアイテムはここにありません。",
    ),
    "why_hint": (
        "Warm areas are where the network looked for {name}. What is framed is shown close up beside it.",
        "色の暖かい部分が、{name}を判断するために注目した領域です。枠の中を隣に拡大して示しています。",
    ),
    "why_no_part": (
        "{name} is read from the picture as a whole, so there is no part to show.",
        "{name}は画像全体から読み取るため、注目した領域はありません。",
    ),
    "why_opacity": ("Strength of the heat map", "ヒートマップの濃さ"),
    "why_agree": ("Labels that agree", "一致するラベル"),
    "why_differ": ("Labels that differ", "異なるラベル"),
    "why_none_agree": ("none", "なし"),
    "why_also": ("Not asked for, and the same", "条件以外で同じもの"),
    "why_wanted": ("{label} (asked for: {wanted})", "{label}（条件：{wanted}）"),
    "why_unwanted": ("{label} (not wanted)", "{label}（避けたい値）"),
    # what a visitor says of a result that was asked for by a value
    "verdict_value_question": ("Is its {name} “{value}”?", "{name}は「{value}」ですか？"),
    "verdict_value_same": ("yes", "はい"),
    "verdict_value_different": ("no", "いいえ"),
    "verdict_value_unseen": ("cannot be seen", "見えない"),
    "verdict_has_not": (
        "It is not labelled so, and nothing was changed. Give it its label below.",
        "そのラベルは付いていないため、変更はありません。下で正しいラベルを付けられます。",
    ),
    # shares
    "why_shares": ("What made its score", "スコアの内訳"),
    "why_shares_hint": (
        "Open a line to see which view of the picture it comes from. Bars to the left lower the score.",
        "行を開くと、画像のどの見方によるものかが分かります。左に伸びる棒はスコアを下げています。",
    ),
    "why_view_region": ("where it looked", "注目した領域"),
    "why_view_crop": ("close up", "拡大した部分"),
    "why_view_whole": ("details of the whole picture", "画像全体の細部"),
    "why_view_general": ("general view", "全体の印象"),
    "why_view_reading": ("value that is read from it", "読み取った値"),
    "why_view_posterior": ("value as taught", "学習した値"),
    "why_stays": ("What stays away: {views}.", "離れている見方：{views}。"),
    "why_stays_not": ("Still alike: {views}.", "まだ似ている見方：{views}。"),
    # why not
    "whynot_title": ("Why is another item not here?", "別のアイテムが出てこないのはなぜ？"),
    "whynot_ask": ("Item, by its name or id", "アイテム（名前またはID）"),
    "whynot_act": ("Explain", "調べる"),
    "whynot_missed": (
        "Labelled as asked, and not among the results:",
        "条件どおりのラベルが付いているのに、結果にないもの：",
    ),
    "whynot_found": ("{count:# item matches|# items match}", "{count}点が該当"),
    "whynot_first": ("{count:# item matches|# items match}, the first {shown}:", "{count}点が該当（先頭の{shown}点）"),
    "whynot_nothing": ("No item's id or title holds “{text}”.", "IDやタイトルに「{text}」を含むアイテムはありません。"),
    "whynot_search_first": (
        "Search first; then any item can be explained.",
        "先に検索すると、どのアイテムでも調べられます。",
    ),
    "whynot_place": ("Place {rank} of {among}", "{among}点中{rank}位"),
    "whynot_no_place": ("Left out", "対象外"),
    "whynot_last": ("Last result, place {rank}", "最後の結果（{rank}位）"),
    "whynot_hit": ("It is among the results, at place {rank}.", "結果の{rank}位にあります。"),
    "whynot_alone": ("Nothing else was found that it could be compared with.", "比べられる結果がありません。"),
    "whynot_query": (
        "You search with it, so it is left out of the results.",
        "検索に使っているアイテムなので、結果から除かれています。",
    ),
    "whynot_filter": (
        "Filtered out: {column} is {value}, not {wanted}.",
        "絞り込みにより対象外：{column}が{value}（条件：{wanted}）",
    ),
    "whynot_filter_blank": (
        "Filtered out: it has no {column}, and {wanted} is asked for.",
        "絞り込みにより対象外：{column}が空欄（条件：{wanted}）",
    ),
    "whynot_several": ("one of {count}", "{count}種類のいずれか"),
    "whynot_hidden": (
        "It seems that {names} cannot be seen on it, so it comes after all items on which it can.",
        "{names}が見えないようなので、見えるアイテムより後になります。",
    ),
    "whynot_held": (
        "Held back by “{term}”: there the last result has {gap} more.",
        "順位を最も下げているのは「{term}」です（最後の結果との差：{gap}）。",
    ),
    "whynot_view": ("Most of that comes from: {view} ({gap}).", "差の大半は次の見方によるものです：{view}（{gap}）。"),
    "whynot_one_term": (
        "It is less like what is asked for than the results are.",
        "結果に出ているものほど、求めるものに似ていません。",
    ),
    "whynot_alike": (
        "It scores as the last result does; items that came first to the catalog go before.",
        "最後の結果と同じスコアで、先に登録されたものが優先されます。",
    ),
    "whynot_least": (
        "It would be at place {rank}, but a match there is only {percent} % likely, below what you ask for.",
        "{rank}位になるはずですが、一致の可能性が{percent}%で、指定した下限に届きません。",
    ),
    "whynot_least_unknown": (
        "It would be at place {rank}, but it is below how likely you ask a match to be.",
        "{rank}位になるはずですが、指定した可能性の下限に届きません。",
    ),
    "whynot_would": ("What would bring it in", "結果に入れるには"),
    "whynot_let_value": ("Let {column} {value} through too", "{column}「{value}」も対象にする"),
    "whynot_clear": ("Remove all filters", "絞り込みをすべて外す"),
    "whynot_any_level": ("Ask for no least likelihood", "可能性の下限を外す"),
    "whynot_more": ("Show {count} results", "{count}件まで表示する"),
    "whynot_weigh": (
        "Let “{term}” count {weight} instead of {before}: place {rank}",
        "「{term}」の重みを{before}から{weight}にする：{rank}位",
    ),
    "whynot_without": ("Leave “{term}” out: place {rank}", "「{term}」を外す：{rank}位"),
    "whynot_no_way": (
        "No other weight of a single term brings it in.",
        "一つの条件の重みを変えるだけでは結果に入りません。",
    ),
    "whynot_further": (
        "No other weight of a single term brings it in. This brings it nearest:",
        "一つの条件の重みを変えるだけでは結果に入りません。最も近づく変更：",
    ),
    "whynot_column_term": ("Term", "条件"),
    "whynot_column_item": ("This item", "このアイテム"),
    "whynot_column_hit": ("Last result", "最後の結果"),
    "whynot_column_gap": ("Difference", "差"),
    "whynot_alt": ("{item}, not among the results", "{item}（結果にない）"),
    "whynot_last_alt": ("{item}, the last result", "{item}（最後の結果）"),
}
