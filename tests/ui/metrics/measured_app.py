"""The app on a drawn catalog that was measured before it came up: as a job would have, twice, on the same queries."""

import sys
from dataclasses import replace
from pathlib import Path

import tyro

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from app import Options, serve
from eval import save_report
from library import Library, Settings
from library.measuring import measure

STEMS = ("20261126-070000", "20261126-080000")


def main(options: Options) -> int:
    library = Library(Settings(options.home.resolve(), options.catalog, device=options.device))
    library.begin()
    opened = library.opened("")
    assert opened.wait(120) and opened.stage.name == "ready", opened.stage.error
    report, baseline = measure(opened, [])
    for stem, title in zip(STEMS, ("Lapel", "Lapel again"), strict=True):
        save_report(replace(report, title=title), library.reports(opened.id) / f"{stem}.json")
        save_report(baseline, library.reports(opened.id) / f"{stem}-global.json")
    return serve(library, options)


if __name__ == "__main__":
    sys.exit(main(tyro.cli(Options)))
