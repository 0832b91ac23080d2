"""The box that takes a zip, a folder, pictures or a table with pictures, and uploads them in parts."""

import json
from collections.abc import Callable

import gradio as gr

from ui.scripts import script
from ui.upload_words import UPLOAD_WORDS
from ui.words import LANGUAGES

BUTTONS = {"choose": "main", "folder": "", "resume": "main", "pause": "", "cancel": ""}
"""What can be done in the box → the class of its button; `scripts/upload.js` shows those that can be done now."""


def upload_box(say: Callable[[str], object]) -> gr.HTML:
    """`say` gives the text of a word key, in the language of the visitor.

    Its `input` event comes when an upload is finished, with {"upload": id, "name": …, "size": bytes, "files": count}; its
    `clear` event when the visitor has cancelled one, which is deleted then, with {"upload": id}.
    """
    buttons = "".join(
        f'<button type="button" data-do="{name}" class="{kind}" hidden></button>' for name, kind in BUTTONS.items()
    )
    inside = (
        f'<div class="lapel-upload" data-state="idle"><p class="invite">{say("upload_invite")}</p>'
        '<p class="status" role="status" id="upload-status"></p>'
        '<progress max="1" value="0" aria-labelledby="upload-status" hidden></progress><p class="figures"></p>'
        f'<div class="tools">{buttons}</div>'
        '<input type="file" multiple hidden><input type="file" webkitdirectory hidden></div>'
    )
    return gr.HTML(inside, elem_id="upload", js_on_load=_words() + script("gathering") + script("upload"))


def _words() -> str:
    """The texts that the script puts in: Gradio translates no more than one in an HTML component."""
    words = {lang: {key: UPLOAD_WORDS[key][row] for key in UPLOAD_WORDS} for row, lang in enumerate(LANGUAGES)}
    return f"const WORDS = {json.dumps(words, ensure_ascii=False)};\n"
