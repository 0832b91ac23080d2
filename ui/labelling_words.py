"""Texts of labelling, in English and Japanese."""

LABELLING_WORDS: dict[str, tuple[str, str]] = {
    "labelling_of": ("Labels of {name}", "{name}のラベル付け"),
    "labelling_hint": (
        "One picture after another: press its value, or the key of it. Every label counts in search at once, and teaches.",
        "画像が1枚ずつ表示されます。値かそのキーを押すだけで、ラベルはすぐに検索へ反映され、学習にも使われます。",
    ),
    "labelling_hint_touch": (
        "One picture after another: press its value. Every label counts in search at once, and teaches.",
        "画像が1枚ずつ表示されます。値を押すだけで、ラベルはすぐに検索へ反映され、学習にも使われます。",
    ),
    "which_attribute": ("Which attribute?", "どの属性にラベルを付けますか？"),
    "attribute_labels": ("{count:# label|# labels}", "ラベル{count}件"),
    "attribute_no_labels": ("no labels", "ラベルなし"),
    "new_attribute": ("A new attribute", "新しい属性"),
    "attribute_name_field": ("Its name", "属性の名前"),
    "attribute_name_hint": ("such as: fit", "例：フィット感"),
    "values_field": ("Its values, with commas between them", "値（読点・カンマ区切り）"),
    "values_hint": ("such as: slim, regular, wide", "例：スリム、レギュラー、ワイド"),
    "begin_labelling": ("Begin", "始める"),
    "need_values": (
        "Give at least two values, with commas between them, such as: slim, wide.",
        "値を2つ以上、読点かカンマで区切って入力してください（例：スリム、ワイド）。",
    ),
    "what_value": ("Which {name}?", "{name}はどれですか？"),
    "why_random": (
        "Drawn at random: such labels are what figures are measured on",
        "無作為に選ばれた画像です。精度の測定に使われます",
    ),
    "why_typical": ("Typical of many pictures here", "このカタログに多い、典型的な画像です"),
    "why_unsure": ("Here the labels so far leave most doubt", "これまでのラベルでは判断が最も難しい画像です"),
    "why_different": ("Unlike all that was labelled so far", "これまでラベルを付けたどの画像とも似ていません"),
    "why_result": ("Labelled among search results", "検索結果からラベルが付けられました"),
    "now_labelled": (
        "Labelled {value}: choose again to correct it",
        "現在の値は「{value}」です。選び直すと修正できます",
    ),
    "unseen": ("cannot be seen", "見えない"),
    "skip_picture": ("Skip", "あとで"),
    "undo_label": ("Undo", "元に戻す"),
    "leave_labelling": ("Done", "終了"),
    "key_space": ("Space", "スペース"),
    "key_esc": ("Esc", "Esc"),
    "add_value": ("Another value", "値を追加"),
    "add_value_button": ("Add", "追加"),
    "next_coming": ("The next pictures are on their way…", "次の画像を準備しています…"),
    "all_asked": (
        "Every picture has been asked for. Pictures that were skipped come again when you return.",
        "すべての画像を確認しました。「あとで」にした画像は、次に開いたときにもう一度表示されます。",
    ),
    "said_saved": ("Saved: {value}.", "「{value}」を保存しました。"),
    "said_skipped": ("Skipped.", "あとに回しました。"),
    "said_undone": ("Undone.", "元に戻しました。"),
    "what_is_known": ("Labels so far", "これまでのラベル"),
    "more_needed": ("about {count} more", "あと約{count}件"),
    "known_facts": (
        "{given} given here, {drawn} of them on pictures drawn at random; cannot be seen: {unseen}; not asked for: {left}",
        "ここで付けたもの{given}件（うち無作為な画像{drawn}件）、見えない{unseen}件、未確認{left}件",
    ),
    "teach_it": ("Teach it", "学習させる"),
    "label_teach_again": ("Teach it again", "もう一度学習させる"),
    "teach_worth": (
        "Enough to teach it: in a minute or two it can be searched by.",
        "学習に十分な数です。1〜2分でこの属性から検索できるようになります。",
    ),
    "teach_more": (
        "It is taught. When there are more labels, teach it again.",
        "学習済みです。ラベルが増えたら、もう一度学習させてください。",
    ),
    "teach_few": (
        "Worth it once two values have {worth} labels each.",
        "2つの値にラベルが{worth}件ずつ付いたら学習できます。",
    ),
    "last_labels": ("The last ones: press one to correct it", "最近のラベル（選ぶと修正できます）"),
    "correct": ("Correct: {value}", "修正する：{value}"),
    "teaching_waits": ("Teaching waits for other work: {place} before it", "ほかの処理を待っています（前に{place}件）"),
    "teaching_runs": ("Teaching '{name}'", "「{name}」を学習しています"),
    "teaching_since": (
        "for {time} now; it mostly takes a minute or two",
        "{time}経過（多くの場合1〜2分かかります）",
    ),
    "teaching_last": ("for {time} now; last time it took {last}", "{time}経過（前回は{last}）"),
    "search_it": ("Search by it", "この属性で検索"),
    "taught_quality": (
        "'{name}' is taught and stands among the attributes in Search. On labels that were left out: MAP {map} % "
        "({low} to {high}); by ordinary similarity {usual} %, by chance {chance} %.",
        "「{name}」の学習が終わり、検索の属性に加わりました。学習に使わなかったラベルでのMAP：{map}%（{low}〜{high}）。"
        "通常の類似検索では{usual}%、偶然では{chance}%。",
    ),
    "taught_unmeasured": (
        "'{name}' is taught and stands among the attributes in Search. How good it is can be said after about "
        "{count:# more label of a picture|# more labels of pictures} drawn at random.",
        "「{name}」の学習が終わり、検索の属性に加わりました。精度の測定には、無作為に選ばれた画像のラベルがあと約{count}件必要です。",
    ),
    "needs_labels": (
        "'{name}' cannot be taught yet: it needs about {needs}.",
        "「{name}」はまだ学習できません。必要なラベル：{needs}。",
    ),
    "better_with": ("It will be read better with about {needs}.", "さらに精度を上げるには：{needs}。"),
    "needs_one": ("{count:# more label|# more labels} of '{value}'", "「{value}」をあと約{count}件"),
    "needs_another": ("{count:# more label|# more labels} of another value", "別の値をあと約{count}件"),
    "teaching_failed": ("'{name}' could not be taught: {error}", "「{name}」を学習できませんでした：{error}"),
    # on a result
    "same_question": ("Same {name}?", "{name}は同じですか？"),
    "verdict_same": ("same", "同じ"),
    "verdict_different": ("different", "違う"),
    "verdict_unseen": ("cannot be seen", "見えない"),
    "verdict_pair": (
        "Noted for teaching. It changes no label.",
        "学習用に記録しました。ラベルは変わりません。",
    ),
    "verdict_correct": (
        "Noted for teaching. It changes no label: if “{value}” is wrong, correct it below.",
        "学習用に記録しました。ラベルは変わりません。「{value}」が誤りなら、下で修正してください。",
    ),
    "correct_label": ("Correct its {name}", "{name}のラベルを修正"),
    "give_label": ("Give it its {name}", "{name}のラベルを付ける"),
    "label_saved": ("Saved: {label}", "保存しました：{label}"),
}
