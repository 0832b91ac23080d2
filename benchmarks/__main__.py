"""`python -m benchmarks [SUITE ...]` measures; `python -m benchmarks document` writes docs/performance.md from what was kept."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from benchmarks.bench import Bench, Options
from benchmarks.kept import KEPT, PAGE, keep, page, read
from benchmarks.measure import Result, as_json, as_table, load, paced
from benchmarks.suites import SUITES, suite
from catalog import CatalogError
from common.files import write_in_one_step
from model import ModelError
from retrieval import RetrievalError


@dataclass(frozen=True)
class Document:
    """Write docs/performance.md from the results that are kept."""

    kept: Path = KEPT
    """Folder of the results."""
    page: Path = PAGE
    """File to write."""


def run(options: Options, arguments: Sequence[str] = ()) -> list[Result]:
    """Measure the suites one after the other, each kept as soon as it is done. ValueError for one that is not there."""
    chosen = [suite(name) for name in options.suites] or [one for one in SUITES if one.usual]
    bench, results = Bench(options), list[Result]()
    for one in chosen:
        print(f"{one.name}: {one.told}", file=sys.stderr)
        before = load()
        found = paced(lambda one=one: one.measure(bench))  # type: ignore[misc]
        results += found
        if options.keep is not None:
            keep(options.keep, one, found, before, arguments, options.tag)
    return results


def about() -> str:
    """What there is to measure, for the help."""
    rows = [f"  {one.name}: {one.told}{f' Needs {one.needs}.' if one.needs else ''}" for one in SUITES]
    usual = ", ".join(one.name for one in SUITES if one.usual)
    return "\n".join(["Measures on this machine. Suites:", *rows, f"Without a name: {usual}."])


def main() -> None:
    arguments = sys.argv[1:]
    try:
        if arguments[:1] == ["document"]:
            wanted = tyro.cli(Document, prog="python -m benchmarks document", args=arguments[1:])
            write_in_one_step(wanted.page, page(read(wanted.kept)))
            return
        options = tyro.cli(Options, prog="python -m benchmarks", description=about(), args=arguments)
        results = run(options, arguments)
    except (CatalogError, RetrievalError, ModelError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    print(as_json(results) if options.json else as_table(results))


if __name__ == "__main__":
    main()
