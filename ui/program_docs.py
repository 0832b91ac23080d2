"""docs/programs.md, made of the questions, the answers and the examples: `python -m ui.program_docs` writes it anew."""

import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ui.answers import flat_schema
from ui.operations import OPERATIONS, Operation
from ui.program_examples import Example, address_of, examples_of, pairs_of, python_of

PAGE = Path(__file__).resolve().parents[1] / "docs" / "programs.md"
APP = "http://127.0.0.1:7860/"

_HEAD = f"""# Lapel for programs

This page is made by `python -m ui.program_docs`, and a test asks every example on it in all three ways.

The running app takes the same questions and gives the same answers in three ways:

- **REST**: `{APP}v1/NAME`, by GET with parameters in the address, or by POST with JSON, or with a form that has the picture
  as its file `image`. `{APP}docs` describes it (OpenAPI).
- **MCP**: `{APP}gradio_api/mcp/` (streamable HTTP) has a tool of each name; its arguments are the JSON shown.
- **gradio_client**: `from gradio_client import Client, handle_file; lapel = Client("{APP}")`.

The examples are asked of the drawn demo (`python app.py`), from the folder of the project, where the pictures lie. What is wrong
with a question is said in one sentence: in REST as `{{"error": "…"}}` with status 422 (404 for what is not there, 403 for what only
the host may do, 503 while the app starts), in MCP as an error of the tool, in gradio_client as an `AppError`.

**Terms.** A query is a list of terms: an attribute, what it should be like, a weight. As text: `ATTRIBUTE=VALUE` or
`ATTRIBUTE@ITEM`, with `-` before it for what should not match, and `*WEIGHT` behind it (`-color=red*0.5`). As an object:
`{{"attribute", "value" | "item" | "image", "weight", "box", "turn"}}`; without value, item and image it takes the picture or item of
the question. Names and values are found in any case, with blanks, `_` or `-`. Several terms may ask one attribute; each says its
share in a hit.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(_operation(operation) for operation in OPERATIONS.values())])


def _operation(operation: Operation) -> str:
    schema = flat_schema(operation.asks)
    parts = [f"## {operation.name}\n\n{operation.description}\n"]
    if schema["properties"]:
        parts.append("\n".join(_parameters(schema)) + "\n")
    parts += [_example(example) for example in examples_of(operation.name)]
    fields = "\n".join(_fields(flat_schema(operation.answers)))
    parts.append(f"<details><summary>The answer of {operation.name}</summary>\n\n{fields}\n\n</details>\n")
    return "\n".join(parts)


def _parameters(schema: Mapping[str, Any]) -> Iterator[str]:
    yield "| Parameter | Default | |"
    yield "|---|---|---|"
    for name, told in schema["properties"].items():
        default = "needed" if name in schema.get("required", ()) else json.dumps(told.get("default"))
        yield f"| `{name}` | {default} | {_cell(told['description'])} |"


def _fields(schema: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """The fields of an answer as a list, those of its parts below them."""
    for name, told in schema["properties"].items():
        yield f"{'  ' * depth}- `{name}`: {told['description']}"
        for part in _parts(told):
            yield from _fields(part, depth + 1)


def _parts(told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The object that a field is, or that its list or its choice holds."""
    found = [told, told.get("items", {}), *told.get("anyOf", ())]
    return [part for part in found if "properties" in part]


def _example(example: Example) -> str:
    asked = [f"# {example.title}", _curl(example), python_of(example)]
    if example.picture is None:
        asked.insert(2, f"# MCP: {example.operation} {json.dumps(dict(example.question), ensure_ascii=False)}")
    return "```\n" + "\n".join(asked) + "\n```\n"


def _curl(example: Example) -> str:
    if example.picture is None:
        return f"curl {shlex.quote(APP + address_of(example))}"
    fields = [f"image=@{example.picture}", *(f"{name}={text}" for name, text in pairs_of(example))]
    return f"curl {APP}v1/{example.operation} " + " ".join(f"-F {shlex.quote(field)}" for field in fields)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
