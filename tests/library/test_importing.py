"""Import, addition, measuring and export as jobs, on small drawn catalogs."""

import csv
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from catalog import CatalogError, load_catalog
from common.jobs import Job, Task
from eval import load_report
from library import HOST, Library, LibraryError, Looking, UnknownCatalog
from library.measuring import honest
from library.work import Work, result_file
from model import GENERAL, Column, Reading
from retrieval import WEIGHTS, ItemSource, Query, Term, save_taught
from retrieval.store import IMAGE
from tests.ui.conftest import COLORS, draw_catalog, draw_garment, library_on, ready


@pytest.fixture(scope="module")
def shop(small_catalog: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = ready(library_on(small_catalog, tmp_path_factory.mktemp("shop-home")))
    yield library
    library.close()


def packed(folder: Path, count: int = 12, first: int = 0) -> Path:
    """A zip of a drawn catalog whose ids begin at a number."""
    place = draw_catalog(folder / "drawn", count)
    with (place / "catalog.csv").open() as file:
        rows = list(csv.DictReader(file))
    with zipfile.ZipFile(folder / "shop.zip", "w") as archive:
        lines = ["id,image,color,pattern"]
        for number, row in enumerate(rows, first):
            lines.append(f"g{number},pictures/{number}.png,{row['color']},{row['pattern']}")
            archive.write(place / row["image"], f"pictures/{number}.png")
        archive.writestr("catalog.csv", "\n".join(lines))
    return folder / "shop.zip"


def looked(library: Library, source: Path, into: str = "") -> Looking:
    looking = library.looks.begin(source, into=into)
    assert looking.finished.wait(30) and looking.look is not None, looking.error
    return looking


def run(library: Library, job: Job) -> Job:
    done = library.jobs.run_here(job.id)
    assert done.state == "done", done.error
    return done


def imported(library: Library, source: Path, name: str = "") -> str:
    done = run(library, library.import_look(looked(library, source), name))
    embed = library.going_on(done.catalog, "embed")
    if embed is not None:
        run(library, embed)
    return done.catalog


def test_a_zip_becomes_a_catalog_that_is_searched_and_leaves_nothing_else(shop: Library, tmp_path: Path) -> None:
    source = packed(tmp_path)
    looking = looked(shop, source)
    assert looking.look is not None and looking.look.unpacked is not None
    assert len(shop.all()) == 1, "a look writes nothing"
    done = run(shop, shop.import_look(looking, "My shop"))
    assert done.result == {"catalog": done.catalog, "items": 12}
    entry = shop.entry(done.catalog)
    assert entry.name == "My shop" and shop.entries.root(entry).is_relative_to(shop.settings.home)
    expected = load_catalog(source, tmp_path / "other")
    catalog = shop.ledger(entry.id).catalog
    assert catalog.items == expected.items and catalog.attributes == expected.attributes
    assert not looking.look.unpacked.exists()
    with pytest.raises(LibraryError, match="give the files again"):
        shop.looks.get(looking.id)
    with shop.use(entry.id) as opened:
        assert opened.wait(60) and opened.stage.name == "ready", opened.stage.error
        hits = opened.engine.search(Query((Term("color", ItemSource("g0")),)), 3, exclude=["g0"])
        assert len(hits) == 3


def test_an_import_that_was_killed_before_its_end_is_made_anew(shop: Library, tmp_path: Path) -> None:
    source = packed(tmp_path)
    job = shop.import_look(looked(shop, source), "Killed")
    half = shop.entries.folder / job.catalog / "files" / "pictures"
    half.mkdir(parents=True)
    (half / "stray.png").write_bytes(b"half")
    (half.parent.parent / "items.jsonl").write_text('{"put": {"id": "stray", "image": "pictures/stray.png"}}\n{"pu')
    with pytest.raises(UnknownCatalog):
        shop.entry(job.catalog)
    run(shop, job)
    assert [item.id for item in shop.ledger(job.catalog).catalog] == [f"g{number}" for number in range(12)]
    assert not (half / "stray.png").exists() and (half / "3.png").is_file()


def test_the_look_may_have_lapsed_by_the_time_of_the_import(shop: Library, tmp_path: Path) -> None:
    looking = looked(shop, packed(tmp_path))
    job = shop.import_look(looking, "Later")
    shop.looks.end(looking.id)
    assert run(shop, job).result["items"] == 12


def test_an_import_that_was_killed_after_its_source_was_let_go_is_done(shop: Library, tmp_path: Path) -> None:
    source = packed(tmp_path)
    done = run(shop, shop.import_look(looked(shop, source), "Whole"))
    shop.label(done.catalog, "g0", "color", "blue")
    source.unlink()
    task = Task(done, shop.jobs.files(done.id), lambda job: None, lambda line: None, lambda: False)
    assert Work(shop).import_(task) == done.result
    assert shop.ledger(done.catalog).catalog.item("g0").labels["color"] == "blue"


def test_a_folder_of_the_host_stays_where_it_is_and_is_read_again(shop: Library, tmp_path: Path) -> None:
    folder = draw_catalog(tmp_path / "folder", 6)
    id = imported(shop, folder)
    assert shop.entry(id).root == str(folder) and not (shop.entries.folder / id / "files").exists()
    shop.label(id, "g0", "color", "blue")
    table = (folder / "catalog.csv").read_text().splitlines()
    (folder / "catalog.csv").write_text("\n".join(table[:-1]) + "\n")
    assert shop.care.reread(id) == 1
    catalog = shop.ledger(id).catalog
    assert len(catalog) == 5 and catalog.item("g0").labels["color"] == "blue"


def test_additions_replace_items_of_the_same_ids(shop: Library, tmp_path: Path) -> None:
    id = imported(shop, packed(tmp_path), "Season")
    (tmp_path / "new").mkdir()
    second = packed(tmp_path / "new", 4, first=10)
    done = run(shop, shop.import_look(looked(shop, second, into=id), ""))
    assert done.result == {"catalog": id, "added": 2, "replaced": 2}
    catalog = shop.ledger(id).catalog
    assert len(catalog) == 14 and all(catalog.path(item).is_file() for item in catalog)
    with Image.open(catalog.path(catalog.item("g10"))) as picture:
        assert picture.convert("RGB").getpixel((60, 70)) in {COLORS["red"], (240, 240, 240)}
    with shop.use(id) as opened:
        opened.wait()
        opened.engine.embed()
        hits = opened.engine.search(Query((Term("color", ItemSource("g13")),)), 14)
        assert len(hits) == 14 and {hit.id for hit in hits} == {item.id for item in catalog}


def test_nothing_is_added_to_a_folder_of_the_hosts(shop: Library, tmp_path: Path) -> None:
    job = shop.import_look(looked(shop, packed(tmp_path), into=shop.default), "")
    done = shop.jobs.run_here(job.id)
    assert done.state == "failed" and "put the new ones there" in done.error


def test_what_is_no_catalog_is_told_by_the_look(shop: Library, tmp_path: Path) -> None:
    (tmp_path / "notes.zip").write_bytes(b"no zip at all")
    looking = shop.looks.begin(tmp_path / "notes.zip")
    assert looking.finished.wait(30) and looking.look is None and "not a sound zip" in looking.error
    with pytest.raises(LibraryError, match="not a sound zip"):
        shop.import_look(looking, "")


def test_figures_stand_beside_global_similarity_and_count_chosen_labels_as_they_were(
    shop: Library, tmp_path: Path
) -> None:
    id = imported(shop, packed(tmp_path, 24), "Measured")
    shop.label(id, "g0", "color", "green", why="unsure")
    shop.label(id, "g1", "color", "green", why="random")
    done = run(shop, shop.submit("evaluate", {"split": ""}, id))
    report, baseline = (load_report(shop.reports(id) / done.result[name]) for name in ("report", "baseline"))
    assert set(report.attributes) == {"color", "pattern"} == set(baseline.attributes)
    assert report.weights["digest"] == shop.weights.embedder.weights_digest
    seen = honest(shop.ledger(id).catalog, shop.ledger(id).given)
    assert seen.item("g0").labels["color"] == "red" and seen.item("g1").labels["color"] == "green"
    assert report.protocol["corrected"] == 1
    assert seen.item("g0").labels["pattern"]


def test_an_exported_catalog_is_imported_as_the_same(shop: Library, tmp_path: Path) -> None:
    id = imported(shop, packed(tmp_path), "Out")
    shop.label(id, "g4", "mood", "calm")
    done = run(shop, shop.submit("export", {"form": "zip"}, id))
    path = result_file(shop.jobs.files(done.id), done.result)
    assert path is not None and result_file(shop.jobs.files(done.id), {"file": "../job.json"}) is None
    again = imported(shop, path, "Back")
    assert shop.ledger(again).catalog.items == shop.ledger(id).catalog.items
    assert shop.ledger(again).catalog.item("g4").labels["mood"] == "calm"


def test_names_are_free_and_copies_share_no_file_that_is_changed(shop: Library, tmp_path: Path) -> None:
    source = packed(tmp_path)
    first, second = imported(shop, source, "Twice"), imported(shop, source, "Twice")
    assert shop.entry(second).name == "Twice 2" and first != second
    copy = shop.keeping.duplicate(first, "Copy")
    shop.label(copy.id, "g0", "color", "blue")
    assert shop.ledger(first).catalog.item("g0").labels["color"] == "red"
    shop.keeping.delete(first)
    shop.entries.erase(first)
    catalog = shop.ledger(copy.id).catalog
    assert all(catalog.path(item).is_file() for item in catalog)


def test_deleted_for_a_day(shop: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    id = imported(shop, packed(tmp_path), "Gone")
    shop.keeping.delete(id)
    with pytest.raises(UnknownCatalog):
        shop.opened(id)
    shop.keeping.sweep()
    assert [entry.id for entry in shop.keeping.deleted() if entry.name == "Gone"] == [id]
    assert shop.keeping.restore(id).deleted is None and shop.entry(id).name == "Gone"
    shop.keeping.delete(id)
    monkeypatch.setattr("library.keeping.UNDO", 0.0)
    shop.keeping.sweep()
    assert not (shop.entries.folder / id).exists()
    with pytest.raises(LibraryError, match="what the page opens with"):
        shop.keeping.delete(shop.default, HOST)


def test_a_picture_that_is_replaced_is_embedded_again(shop: Library, tmp_path: Path) -> None:
    folder = draw_catalog(tmp_path / "folder", 8)
    id = imported(shop, folder)
    with shop.use(id) as opened:
        opened.wait()
        before = opened.engine.vectors("color")[0].copy()
        shutil.copy(folder / "images" / "1.png", folder / "images" / "0.png")
        draw_garment((250, 250, 0), False).save(folder / "images" / "0.png")
        shop.care.reread(id)
        opened.engine.embed()
        assert (opened.engine.vectors("color")[0] != before).any()


def test_a_catalog_error_of_a_wish_leaves_the_look_as_it_was(shop: Library, tmp_path: Path) -> None:
    looking = looked(shop, packed(tmp_path))
    assert looking.look is not None
    wish = looking.look.wish
    with pytest.raises(CatalogError):
        shop.looks.change(looking.id, type(wish).from_dict({**wish.to_dict(), "preset": "nonsense"}))
    assert looking.look.wish == wish


def teach(
    library: Library, id: str, name: str, weights: str = "a digest", values: tuple[str, str] = ("calm", "loud")
) -> None:
    """Keep a taught attribute that reads two numbers of the general view."""
    ones = np.ones((2, 2), np.float16)
    record = {WEIGHTS: weights}
    reading = Reading(name, values, (Column("", GENERAL),), (ones[0],), (ones,), {"posterior": 1.0}, record=record)
    save_taught(reading, library.catalog(library.entry(id)), library.settings.home)


def files_below(home: Path) -> set[str]:
    """All files but those of the queue of jobs itself, which stand for no job."""
    found = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    return {name for name in found if not name.endswith(".lock")}


def test_nothing_of_an_erased_catalog_is_left(tmp_path: Path) -> None:
    library = ready(library_on(draw_catalog(tmp_path / "first", 4), tmp_path / "home"))
    home = library.settings.home
    run(library, library.going_on("", "embed") or library.submit("embed", {}, library.default))
    library.thumbnails(library.entry("")).file(library.ledger(library.default).catalog.items[0])
    before = files_below(home)
    id = imported(library, packed(tmp_path), "Shop")
    entry = library.entry(id)
    run(library, library.submit("evaluate", {"split": ""}, id))
    teach(library, id, "mood")
    run(library, library.submit("export", {"form": "zip"}, id))
    library.thumbnails(entry).file(library.ledger(id).catalog.items[0])
    library.label(id, "g1", "color", "blue")
    copy = library.keeping.duplicate(id, "Copy")
    assert [lesson.name for lesson in library.care.lessons(copy.id)] == ["mood"]
    assert len(files_below(home)) > len(before) + 24
    with pytest.raises(LibraryError, match="delete it first"):
        library.keeping.erase_deleted(id)
    for one in (id, copy.id):
        library.keeping.delete(one)
        library.keeping.erase_deleted(one)
        with pytest.raises(UnknownCatalog):
            library.keeping.restore(one)
    after = files_below(home)
    assert {name for name in after - before if not name.startswith("store/")} == set()
    assert not any(id in name or copy.id in name for name in after)
    assert library.jobs.all(catalog=id) == [] and library.keeping.deleted() == []
    assert sum(path.stat().st_size for path in home.glob("store/*/*/images")) == 4 * IMAGE
    found = library.opened("").engine.search(Query((Term("color", ItemSource("g0"), 1.0),)), 4)
    assert len(found) >= 3
    library.close()


def test_taught_attributes_go_with_an_export_and_come_back_with_its_import(shop: Library, tmp_path: Path) -> None:
    id = imported(shop, packed(tmp_path, 2), "Taught")
    teach(shop, id, "mood")
    export = run(shop, shop.submit("export", {"form": "zip"}, id))
    path = result_file(shop.jobs.files(export.id), export.result)
    assert path is not None and export.result["taught"] == 1
    done = run(shop, shop.import_look(looked(shop, path), "Again"))
    assert done.result["taught"] == ["mood"]
    (lesson,) = shop.care.lessons(done.catalog)
    assert (lesson.name, lesson.weights) == ("mood", "a digest")
    assert "Again: 2 items; taught attributes: mood" in shop.jobs.log(done.id)
    assert shop.ledger(done.catalog).catalog.items == shop.ledger(id).catalog.items


def test_taught_attributes_come_with_an_addition_and_take_no_place_of_those_that_are_there(
    shop: Library, tmp_path: Path
) -> None:
    used = shop.weights.embedder.digest
    source = imported(shop, packed(tmp_path, 2), "With lessons")
    for name, weights in (("mood", "a digest"), ("fit", "a digest"), ("fabric", used)):
        teach(shop, source, name, weights)
    export = run(shop, shop.submit("export", {"form": "zip"}, source))
    path = result_file(shop.jobs.files(export.id), export.result)
    (tmp_path / "other").mkdir()
    into = imported(shop, packed(tmp_path / "other", 3, first=20), "Without")
    teach(shop, into, "fit", "a digest", ("slim", "wide"))
    teach(shop, into, "fabric", "old weights", ("silk", "wool"))
    before = shop.opened(into)
    assert path is not None
    done = run(shop, shop.import_look(looked(shop, path, into=into), ""))
    assert done.result == {"catalog": into, "added": 2, "replaced": 0, "taught": ["fabric", "mood"]}
    assert "2 items added, 0 replaced; taught attributes: fabric, mood" in shop.jobs.log(done.id)
    found = {lesson.name: lesson for lesson in shop.care.lessons(into)}
    assert {name: lesson.values for name, lesson in found.items()} == {
        "fabric": ("calm", "loud"),  # its own could not be used with these weights
        "fit": ("slim", "wide"),
        "mood": ("calm", "loud"),
    }
    assert found["fabric"].weights == used
    assert shop.opened(into) is not before, "it is opened anew, with what it has learnt"
