"""Results kept as JSON, one file a suite and machine, and docs/performance.md, which is made of them."""

import json
import os
import shlex
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.aims import Suite
from benchmarks.measure import PACE, Result, as_json, load
from benchmarks.suites import SUITES, suite
from common.files import write_in_one_step

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "docs" / "performance"
PAGE = ROOT / "docs" / "performance.md"
UNTOLD = ("--keep", "--home", "--tag")
"""What a command names that changes no figure."""
HEAD = """# Speed

Made by `python -m benchmarks document` from what `make bench` keeps in docs/performance; nothing here is typed. What was measured
otherwise, and what asking reaches: [measured.md](measured.md).

**ratio** is the p50 of the reference divided by that of the line, both of one run: 1 is as fast as the reference, 2 twice as fast.
Times alone drift from day to day and from processor to processor. Where no reference is named it is *pace*: the product of
50,000 vectors of 256 float32 with one, before and after the suite. *load*: processes that wanted a core, at the beginning and
at the end; above the number of cores, others were at work.
"""


def keep(
    folder: Path, one: Suite, results: Sequence[Result], before: float, arguments: Sequence[str], tag: str
) -> Path:
    """Write what was measured to NAME.json, or NAME-TAG.json. before: the load at the beginning. arguments: of the command."""
    path = folder / f"{one.name}{'-' + tag if tag else ''}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {
        "suite": one.name,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "commit": _commit(),
        "command": command(one, arguments),
        "load": [before, load()],
    }
    write_in_one_step(path, as_json(results, **about) + "\n")
    return path


def command(one: Suite, arguments: Sequence[str]) -> str:
    """The command that measures one suite with the same options. Places are written from the project's folder on."""
    told, rest = ["python -m benchmarks", one.name], list(arguments)
    known = {each.name for each in SUITES}
    while rest:
        word, _, value = rest.pop(0).partition("=")
        if word in UNTOLD:
            if not value:
                rest.pop(0)
        elif word == "--json" or (word in known and len(told) == 2):
            continue
        else:
            told.append(shlex.quote(f"{_near(word)}={_near(value)}" if value else _near(word)))
    return " ".join(told)


def _near(text: str) -> str:
    return os.path.relpath(text, ROOT) if Path(text).is_absolute() else text


def _commit() -> str:
    """The version that was measured; '' where it is not known."""
    try:
        told = subprocess.run(
            ["git", "describe", "--always", "--dirty=, changed"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return told.stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def read(folder: Path = KEPT) -> list[dict[str, Any]]:
    """What is kept, in the order of the suites. ValueError for a file that is none of this kind."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            one = json.loads(path.read_text("utf-8"))
            suite(one["suite"])
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path.name} is no result of a suite ({error}); measure it again or remove it") from error
        found.append(one)
    order = [one.name for one in SUITES]
    return sorted(found, key=lambda one: order.index(one["suite"]))


def page(kept: Sequence[Mapping[str, Any]]) -> str:
    """docs/performance.md."""
    parts = [HEAD, *_aims(kept)] if kept else [HEAD, "Nothing is kept yet.\n"]
    last = ""
    for one in kept:
        about = suite(one["suite"])
        if about.name != last:
            parts.append(f"## {about.name}\n\n{about.told}\n")
        last = about.name
        parts += [_where(one), _table(one["results"])]
    return "\n".join(parts)


def _aims(kept: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = []
    for one in kept:
        for aim in suite(one["suite"]).aims:
            value = aim.worst(one["results"]) if aim.of in one["command"] else None
            if value is not None:
                verdict = "met" if aim.met(value) else "**missed**"
                rows.append(_row([one["suite"], _processor(one), aim.name, aim.bound, _number(value), verdict]))
    if not rows:
        return []
    head = _row(["suite", "measured on", "aim", "bound", "measured", ""])
    return ["## What was to be reached\n", "\n".join([head, _row(["---"] * 6), *rows]), ""]


def _where(one: Mapping[str, Any]) -> str:
    told, (before, after) = one["machine"], one["load"]
    cores = f"{told['cores']} cores ({told['torch_threads']} threads of torch), {told['memory_gib']:g} GiB"
    has = f" ({told['has']})" if told.get("has") else ""
    gpu = f", {told['gpu']}" if told.get("gpu") else ""
    version = f", version {one['commit']}" if one.get("commit") else ""
    line = f"{told['processor']}{has}, {cores}{gpu}, load {before:g} to {after:g}; torch {told['torch']}; {one['date']}"
    return f"`{one['command']}`{version}: {line}.\n"


def _processor(one: Mapping[str, Any]) -> str:
    return str(one["machine"].get("gpu") or one["machine"]["processor"])


def _table(results: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        _row(["what", "runs", "p50 ms", "p95 ms", "ratio", "to", "beside"]),
        _row(["---"] + ["--:"] * 4 + ["---"] * 2),
    ]
    for one in results:
        beside = ", ".join(f"{name} {value}" for name, value in one["more"].items())
        ratio = "" if one["ratio"] is None else f"{one['ratio']:.3g}"
        to = "pace" if one["reference"] == PACE else one["reference"]
        times = [_number(one[key]) if one[key] else "" for key in ("p50_ms", "p95_ms")]
        rows.append(_row([one["name"], str(one["runs"] or ""), *times, ratio, to, beside]))
    return "\n".join(rows) + "\n"


def _number(value: float) -> str:
    """Four digits at least."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
