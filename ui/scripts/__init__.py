"""What runs in the browser: a file for each part of the page, given to `gr.HTML(js_on_load=…)`."""

from pathlib import Path


def script(name: str) -> str:
    """The text of a script by its name, such as "picture"."""
    return Path(__file__).with_name(f"{name}.js").read_text("utf-8")
