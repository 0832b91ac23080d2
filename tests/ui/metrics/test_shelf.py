import os
from pathlib import Path
from typing import Any

import pytest

import ui.metrics.shelf
from eval import Report, Sampling, evaluate, load_report, save_report
from library import Opened
from tests.ui.conftest import embedded
from ui.metrics.shelf import ReportShelf


def measured(opened: Opened) -> Report:
    return evaluate(opened.catalog, embedded(opened), Sampling(queries=0.5))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are read from here on, by the real reader."""
    names: list[str] = []

    def reading(path: Path, *rest: Any) -> Report:
        names.append(path.name)
        return load_report(path, *rest)

    monkeypatch.setattr(ui.metrics.shelf, "load_report", reading)
    return names


def test_a_report_is_read_once_until_it_changes(opened: Opened, tmp_path: Path, read: list[str]) -> None:
    report = measured(opened)
    for name in ("a.json", "b.json"):
        save_report(report, tmp_path / name)
    (tmp_path / "broken.json").write_text("[]")
    shelf = ReportShelf(tmp_path)
    for _ in range(3):
        assert list(shelf.all()) == ["a.json", "b.json"]
        assert shelf.read(tmp_path / "a.json").overall == report.overall
    assert sorted(read) == ["a.json", "b.json", "broken.json"]
    os.utime(tmp_path / "b.json", ns=(1, 1))
    shelf.all()
    assert read[3:] == ["b.json"]
    (tmp_path / "a.json").unlink()
    assert list(shelf.all()) == ["b.json"]


def test_a_visitors_report_is_not_kept(opened: Opened, tmp_path: Path, read: list[str]) -> None:
    report = measured(opened)
    theirs = tmp_path / "theirs.json"
    save_report(report, theirs)
    shelf = ReportShelf(tmp_path / "shipped")
    assert shelf.read(theirs).overall == report.overall
    assert shelf.read(theirs).overall == report.overall
    assert read == ["theirs.json"] * 2 and not shelf.all()
