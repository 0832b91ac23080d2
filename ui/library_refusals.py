"""What the library refuses, in Japanese: pattern of the English sentence → Japanese."""

LIBRARY_JAPANESE: tuple[tuple[str, str], ...] = (
    (r"there is no catalog", "そのカタログはありません。"),
    (
        r"'(?P<name>.*?)' has too few labels to measure anything; about (?P<more>[\d,]+) more",
        "「{name}」はラベルが少なすぎて測定できません。1つの属性にあと約{more}個あれば測定できます。",
    ),
    (
        r"'(?P<name>.*?)' has too few labels to measure anything",
        "「{name}」はラベルが少なすぎて測定できません。ラベルの列を取り込むか、「カタログ」でラベルを付けてください。",
    ),
    (r"there is no job", "その処理はもうありません。"),
    (
        r"'(?P<name>.*?)' belongs to the host; duplicate",
        "「{name}」は管理者のカタログです。変更するには複製してください。",
    ),
    (r"the name is blank", "名前が空欄です。カタログの名前を入力してください。"),
    (
        r"'(?P<name>.*?)' is what the page opens with",
        "「{name}」は最初に開くカタログのため削除できません。別のカタログで起動してから削除してください。",
    ),
    (r"the entry of catalog .* is damaged", "カタログの記録が壊れています。もう一度取り込んでください。"),
    (r"what was looked at is no longer here", "確認した内容が残っていません。もう一度ファイルを選んでください。"),
    (r"the look has not ended yet", "まだ確認中です。少し待ってからお試しください。"),
    (r"'(?P<id>.*?)' is in the catalog again", "「{id}」はすでにカタログにあります。先に取り除いてください。"),
    (
        r"the pictures of '(?P<name>.*?)' lie in a folder of the server; replace",
        "「{name}」の画像はサーバーのフォルダーにあります。そのファイルを差し替えてから「読み直す」を押してください。",
    ),
    (
        r"the pictures of '(?P<name>.*?)' lie in a folder of the server; put",
        "「{name}」の画像はサーバーのフォルダーにあります。そこにファイルを追加してから「読み直す」を押してください。",
    ),
    (
        r"'(?P<name>.*?)' names no item of the catalog in its column '(?P<column>.*?)'",
        "「{name}」の「{column}」列に、カタログにあるIDがありません。アイテムのIDを「id」列に入れてください。",
    ),
    (r"that table is no longer here", "表が残っていません。もう一度選んでください。"),
    (r"choose a label to set first", "先に付けるラベルを選んでください。"),
    (r"has no attribute '(?P<name>.*?)'", "「{name}」という属性はありません。"),
    (r"no attribute '(?P<name>.*?)' was taught", "「{name}」は学習していません。"),
    (r"'(?P<name>.*?)' cannot be deleted", "「{name}」を削除できません。"),
    (
        r"'(?P<name>.*?)' was not made from a folder of this server",
        "「{name}」はサーバーのフォルダーから取り込んだものではないため、監視できません。",
    ),
    (
        r"would have (?P<size>\d+) MB, and may have (?P<most>\d+) MB",
        "合計{size}MBになります。上限は{most}MBです。ファイルを減らすか、小さくしてください。",
    ),
    (
        r"would have (?P<count>\d+) files, and may have (?P<most>\d+)",
        "合計{count}ファイルになります。上限は{most}ファイルです。",
    ),
    (
        r"would be (?P<count>\d+), and may be (?P<most>\d+)",
        "{count}件になります。上限は{most}件です。不要なものを消去してください。",
    ),
    (r"only the host of this server prunes", "不要なものを削除できるのは管理者だけです。"),
    (r"something is being imported; prune", "取り込み中です。終わってから不要なものを削除してください。"),
    (r"only the host of this server chooses", "重みを選べるのは管理者だけです。"),
    (
        r"no weights at (?P<place>.*?): no such folder",
        "「{place}」に重みがありません。フォルダーのパスか、owner/nameの形のリポジトリ名を指定してください。",
    ),
    (
        r"holds no config\.json",
        "重みのフォルダーではありません。config.jsonのあるフォルダーかリポジトリを指定してください。",
    ),
    (
        r"has no labels to measure against",
        "測定に使えるラベルがありません。ラベルを付けるか、ラベルの列を取り込んでください。",
    ),
    (r"no attribute has two labelled items", "比べられるラベルが足りません。ラベルを増やしてください。"),
    (r"is an old Excel file", "古い形式のExcelファイルです。.xlsxまたはCSV（UTF-8）で保存してください。"),
    (r"the program is closing", "終了処理中です。再起動後にもう一度お試しください。"),
    (
        r"the program (stopped|was closed) while it ran",
        "プログラムが途中で終了し、続きから再開できません。もう一度開始してください。",
    ),
    (r"the program stopped \d+ times", "同じところで何度も停止したため、再開しません。"),
    (r"the memory of this machine is not enough", "メモリーが足りません。"),
    (r"the system refused", "システムに拒否されました。空き容量とアクセス権を確かめてください。"),
    (r"an error that nobody expected", "予期しないエラーが起きました。記録を確かめてください。"),
)
