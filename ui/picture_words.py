"""Texts of the picture of the query, the box over it and the parts that are proposed, in English and Japanese."""

PICTURE_WORDS: dict[str, tuple[str, str]] = {
    "tool_box": ("Draw a box", "範囲を囲む"),
    "tool_whole": ("Use the whole picture", "画像全体を使う"),
    "tool_left": ("Turn to the left", "左に回転"),
    "tool_right": ("Turn to the right", "右に回転"),
    "box_hint": (
        "Drag over the part that you mean. Escape takes it back.",
        "使いたい部分をドラッグで囲んでください。Escキーで取り消せます。",
    ),
    "box_name": (
        "Box of the query. The arrow keys move it, with Shift they change its size; Enter searches by it, Escape takes "
        "the change back, Delete takes the box away.",
        "検索に使う範囲。矢印キーで移動、Shift＋矢印キーで大きさを変更、Enterキーで検索、Escキーで変更を取り消し、Deleteキーで範囲を解除します。",
    ),
    "box_place": (
        "{left} % from the left, {top} % from the top, {width} % wide, {height} % high",
        "左から{left}%、上から{top}%、幅{width}%、高さ{height}%",
    ),
    "box_small": (
        "That box is too small to tell anything by; draw one of at least {width} % of the width and {height} % of the "
        "height.",
        "範囲が小さすぎます。幅{width}%以上、高さ{height}%以上で囲んでください。",
    ),
    "part_figure": ("Person or garment {number}, {place}", "人物または服{number}（{place}）"),
    "part_piece": ("Part {number}, {place}", "部分{number}（{place}）"),
    "place_top_left": ("top left", "左上"),
    "place_top": ("top", "上"),
    "place_top_right": ("top right", "右上"),
    "place_left": ("left", "左"),
    "place_middle": ("middle", "中央"),
    "place_right": ("right", "右"),
    "place_bottom_left": ("bottom left", "左下"),
    "place_bottom": ("bottom", "下"),
    "place_bottom_right": ("bottom right", "右下"),
    "looks_at": ("What Lapel looks at: {name}", "Lapelが見ている部分：{name}"),
    "looks_at_alt": (
        "The part of the query's picture that Lapel looks at for {name}",
        "{name}について、検索画像の中でLapelが見ている部分",
    ),
    "parts_found": (
        "{count:# part|# parts} found in the picture; a tap on one searches by it.",
        "画像から{count}個の部分が見つかりました。選ぶとその部分で検索します。",
    ),
}
