"""Texts of the box that uploads, in English and Japanese."""

UPLOAD_WORDS: dict[str, tuple[str, str]] = {
    "upload_invite": (
        "Drop a zip, a folder, pictures, or a table with its pictures here.",
        "ZIP、フォルダー、画像、または表と画像をここにドロップしてください。",
    ),
    "upload_choose": ("Choose files", "ファイルを選ぶ"),
    "upload_folder": ("Choose a folder", "フォルダーを選ぶ"),
    "upload_pause": ("Pause", "一時停止"),
    "upload_resume": ("Go on", "再開"),
    "upload_cancel": ("Cancel the upload", "アップロードを中止"),
    "upload_gathering": ("Listing the files: {count}", "ファイルを確認しています：{count}件"),
    "upload_several": ("{count} files", "{count}個のファイル"),
    "upload_sending": ("Uploading {name}", "「{name}」をアップロードしています"),
    "upload_figures": ("{done} of {total}", "{total}中{done}"),
    "upload_left": ("about {time} left", "残り約{time}"),
    "upload_skipped": ("videos left out: {count}", "除いた動画：{count}件"),
    "upload_paused": ("Paused: {name}", "一時停止中：{name}"),
    "upload_broken": (
        "The connection to the server broke. What was sent is kept; trying again in {time}.",
        "サーバーとの接続が切れました。送信済みの分は保存されています。{time}後に再試行します。",
    ),
    "upload_done": ("{name} is uploaded.", "「{name}」をアップロードしました。"),
    "upload_cancelled": (
        "The upload was cancelled, and what was sent is deleted.",
        "アップロードを中止し、送信済みの分を削除しました。",
    ),
    "upload_again": (
        "{done} of {total} of “{name}” have been sent before. Choose or drop the same again to go on from there.",
        "「{name}」は{total}中{done}まで送信済みです。同じものをもう一度選ぶかドロップすると、続きから送信します。",
    ),
    "upload_unreadable": (
        "The browser cannot read {name} any more; choose it again.",
        "「{name}」を読み込めなくなりました。もう一度選んでください。",
    ),
    "upload_empty": (
        "There is no file in it that could be uploaded; choose others.",
        "アップロードできるファイルがありません。別のものを選んでください。",
    ),
    "upload_refused_bytes": (
        "These are {size}; at most {most} can be kept here at once for you. Choose fewer or smaller pictures.",
        "合計{size}です。一度に保存できるのは{most}までです。画像を減らすか小さくしてください。",
    ),
    "upload_refused_files": (
        "These are {count} files, which is too many; pack them into a zip.",
        "{count}個のファイルは多すぎます。ZIPにまとめてください。",
    ),
    "upload_refused_uploads": (
        "You have too many uploads here; finish or cancel one, or come back tomorrow.",
        "アップロードが多すぎます。終わらせるか中止してください。翌日には自動で消えます。",
    ),
    "upload_refused_space": (
        "The disk of the server is full; come back later, or tell its host.",
        "サーバーのディスクに空きがありません。時間をおくか、管理者に連絡してください。",
    ),
    "upload_refused_name": (
        "A file has a name that cannot be taken; change it or shorten it.",
        "使えない名前のファイルがあります。名前を短くするか、変更してください。",
    ),
    "upload_refused_gone": (
        "The upload is no longer on the server; choose the files again.",
        "アップロードがサーバーに残っていません。もう一度選んでください。",
    ),
    "upload_refused": (
        "The server refused the upload; try again.",
        "サーバーがアップロードを受け付けませんでした。もう一度お試しください。",
    ),
}
