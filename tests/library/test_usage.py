"""The usage log: nothing unless it is on, nothing of whom or what, and what it adds up to."""

import json
from pathlib import Path

import pytest

from library import usage
from library.usage import UsageLog


def test_it_is_off_unless_it_is_switched_on(tmp_path: Path) -> None:
    log = UsageLog(tmp_path)
    assert not log.record("search", "shop") and not log.path.exists() and log.summary("shop") is None


def test_lines_tell_kinds_and_hours_alone(tmp_path: Path) -> None:
    log = UsageLog(tmp_path, on=True)
    assert log.record("search", "shop", source="image", attributes=2, filters=1)
    (line,) = log.path.read_text("utf-8").splitlines()
    assert set(json.loads(line)) == {"kind", "catalog", "source", "attributes", "filters", "rank", "seconds", "at"}
    assert json.loads(line)["at"] < 1e6, "an hour, not a moment"
    with pytest.raises(ValueError, match="usage knows"):
        log.record("search", "shop", source="my red coat")
    with pytest.raises(ValueError, match="not 'login'"):
        log.record("login", "shop")  # type: ignore[arg-type]


def test_a_summary_is_of_one_catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = UsageLog(tmp_path, on=True)
    for day in range(10):
        monkeypatch.setattr(usage, "_hour", lambda day=day: 24 * day)
        for source in ("image", "item", "item"):
            log.record("search", "shop", source=source)
        log.record("click", "shop", rank=2)
        log.record("accepted", "shop", rank=day + 1, seconds=10.0 + day)
        log.record("accepted", "shop", seconds=7200)
        log.record("search", "other")
    with log.path.open("a") as file:
        file.write("half a li")
    found = log.summary("shop")
    assert found is not None
    assert (found.searches, found.clicks, found.accepted) == (30, 10, 10)
    assert found.by_source == {"image": 10, "item": 20} and found.rank == 5.5 and found.seconds == 14.5
    assert found.days == pytest.approx(9 + 1 / 24)


def test_a_log_that_is_full_or_cannot_be_written_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "library").write_text("a file where a folder should be")
    assert not UsageLog(tmp_path, on=True).record("search", "shop")
    monkeypatch.setattr(usage, "LARGEST", 10)
    log = UsageLog(tmp_path / "other", on=True)
    assert log.record("search", "shop") and not log.record("search", "shop")
