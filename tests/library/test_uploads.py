"""Uploads in parts, without HTTP: what is kept, for whom, and how they go on."""

import hashlib
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from library.upload_files import Layout, clean_path, clean_paths
from library.uploads import Share, Upload, UploadError, UploadLimits, Uploads
from library.visitors import HOST, Visitor, is_key, new_key

ANN, BOB = Visitor(new_key()), Visitor(new_key())
SMALL = UploadLimits(visitor=Share(1000, 10, 3), all_visitors=Share(1500, 100, 100), spare=0)
CONTENT = bytes(range(256)) * 3


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path, replace(UploadLimits(), spare=0))


def reason(error: pytest.ExceptionInfo[UploadError]) -> str:
    assert str(error.value) and "\n" not in str(error.value)
    return error.value.reason


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def send(uploads: Uploads, upload: Upload, content: bytes, part: int = 100) -> None:
    for start in range(0, len(content), part):
        uploads.append(upload.id, ANN, start, content[start : start + part])


def test_one_file_in_parts(uploads: Uploads) -> None:
    upload = uploads.create(ANN, "shop.zip", [("shop.zip", len(CONTENT))])
    assert is_key(upload.id) and (upload.received, upload.size, upload.files) == (0, len(CONTENT), 1)
    assert uploads.append(upload.id, ANN, 0, CONTENT[:300]) == 300
    assert uploads.find(upload.id, ANN).received == 300
    with pytest.raises(UploadError) as error:
        uploads.finish(upload.id, ANN)
    assert reason(error) == "incomplete" and error.value.received == 300
    assert uploads.append(upload.id, ANN, 300, CONTENT[300:]) == len(CONTENT)
    finished = uploads.finish(upload.id, ANN)
    assert finished.finished and uploads.finish(upload.id, ANN) == finished
    assert uploads.path(upload.id, ANN).name == "shop.zip"
    assert uploads.path(upload.id, ANN).read_bytes() == CONTENT


def test_a_folder_is_one_row_of_bytes(uploads: Uploads) -> None:
    files = {
        "shop/a.csv": CONTENT[:7],
        "shop/leer.txt": b"",
        "shop/写真/ä b.jpg": CONTENT,
        "shop/z": b"",
        "shop/zz": b"1",
    }
    upload = uploads.create(ANN, "shop", [(path, len(content)) for path, content in files.items()])
    send(uploads, upload, b"".join(files.values()))
    uploads.finish(upload.id, ANN)
    path = uploads.path(upload.id, ANN)
    assert path.name == "shop"
    assert bytes_of(path.parent) == files


def test_what_is_there_already_is_passed_over_and_a_gap_is_refused(uploads: Uploads) -> None:
    upload = uploads.create(ANN, "two", [("a", 500), ("b", len(CONTENT) - 500)])
    for _ in range(2):
        assert uploads.append(upload.id, ANN, 0, CONTENT[:400]) == 400
    with pytest.raises(UploadError) as error:
        uploads.append(upload.id, ANN, 401, CONTENT[401:])
    assert reason(error) == "offset" and error.value.received == 400
    assert uploads.append(upload.id, ANN, 200, CONTENT[200:]) == len(CONTENT)
    with pytest.raises(UploadError) as error:
        uploads.append(upload.id, ANN, len(CONTENT), b"x")
    assert reason(error) == "bytes"
    uploads.finish(upload.id, ANN)
    assert uploads.append(upload.id, ANN, 0, CONTENT[:400]) == len(CONTENT)
    assert b"".join(bytes_of(uploads.path(upload.id, ANN)).values()) == CONTENT


def test_a_digest_is_held_against_the_part_alone(uploads: Uploads) -> None:
    upload = uploads.create(ANN, "x", [("a", 100), ("b", 100), ("c", 500)])
    uploads.append(upload.id, ANN, 0, CONTENT[:150])
    for wrong in (hashlib.sha256(CONTENT).hexdigest(), "no digest"):
        with pytest.raises(UploadError) as error:
            uploads.append(upload.id, ANN, 150, CONTENT[150:500], wrong)
        assert reason(error) == "digest" and uploads.find(upload.id, ANN).received == 150
    digest = hashlib.sha256(CONTENT[100:700]).hexdigest().upper()
    assert uploads.append(upload.id, ANN, 100, CONTENT[100:700], digest) == 700
    uploads.finish(upload.id, ANN)
    assert b"".join(bytes_of(uploads.path(upload.id, ANN)).values()) == CONTENT[:700]


def test_a_broken_part_keeps_what_came_unless_it_has_a_digest(uploads: Uploads) -> None:
    upload = uploads.create(ANN, "x", [("a", 100), ("b", 200)])
    sending = uploads.begin(upload.id, ANN, 0)
    sending.write(CONTENT[:120])
    sending.broken()
    assert uploads.find(upload.id, ANN).received == 120
    sending = uploads.begin(upload.id, ANN, 120, hashlib.sha256(b"").hexdigest())
    sending.write(CONTENT[120:180])
    sending.broken()
    assert uploads.find(upload.id, ANN).received == 120


def test_who_begins_later_goes_on_and_the_earlier_cannot(uploads: Uploads) -> None:
    upload = uploads.create(ANN, "x", [("a", len(CONTENT))])
    first = uploads.begin(upload.id, ANN, 0)
    first.write(CONTENT[:50])
    second = uploads.begin(upload.id, ANN, 50)
    with pytest.raises(UploadError) as error:
        first.write(b"late")
    assert reason(error) == "offset"
    second.write(CONTENT[50:])
    assert second.end() == len(CONTENT)


def test_it_goes_on_after_a_restart(tmp_path: Path) -> None:
    before = Uploads(tmp_path, SMALL)
    upload = before.create(ANN, "x", [("a", 0), ("b/c", 300), ("b/d", len(CONTENT) - 300)])
    before.append(upload.id, ANN, 0, CONTENT[:333])
    after = Uploads(tmp_path, SMALL)
    assert after.find(upload.id, ANN).received == 333
    after.append(upload.id, ANN, 333, CONTENT[333:])
    after.finish(upload.id, ANN)
    assert bytes_of(after.path(upload.id, ANN)) == {"a": b"", "b/c": CONTENT[:300], "b/d": CONTENT[300:]}


def test_it_is_nobody_elses(uploads: Uploads) -> None:
    upload = uploads.create(ANN, "x", [("a", 10)])
    for other in (BOB, HOST, Visitor(new_key(), admin=True)):
        for ask in (
            lambda other=other: uploads.find(upload.id, other),
            lambda other=other: uploads.append(upload.id, other, 0, b"x"),
            lambda other=other: uploads.finish(upload.id, other),
            lambda other=other: uploads.path(upload.id, other),
            lambda other=other: uploads.delete(upload.id, other),
        ):
            with pytest.raises(UploadError) as error:
                ask()
            assert reason(error) == "gone"
        assert uploads.all(other) == []
    assert [found.id for found in uploads.all(ANN)] == [upload.id]
    with pytest.raises(UploadError, match="no such upload"):
        uploads.find(f"../uploads/{upload.id}", ANN)


def test_delete_erase_and_sweep(uploads: Uploads) -> None:
    first, second, third = (uploads.create(ANN, name, [("a", 10)]) for name in "abc")
    other = uploads.create(BOB, "d", [("a", 10)])
    sending = uploads.begin(first.id, ANN, 0)
    uploads.delete(first.id, ANN)
    with pytest.raises(UploadError):
        sending.write(b"x")
    old = uploads.folder / third.id / "upload.json"
    os.utime(old, (0, old.stat().st_mtime - uploads.limits.lasting))
    (uploads.folder / ".gone-half").mkdir()
    with pytest.raises(UploadError):
        uploads.find(third.id, ANN)
    assert uploads.sweep() == 2
    assert {folder.name for folder in uploads.folder.iterdir()} == {second.id, other.id}
    assert uploads.erase(ANN) == 1
    assert [folder.name for folder in uploads.folder.iterdir()] == [other.id]


@pytest.mark.parametrize(
    "files, why",
    [
        ([("a", 1001)], "bytes"),
        ([(str(number), 1) for number in range(11)], "files"),
        ([], "name"),
        ([("a", 0)], "name"),
        ([("a", 5), ("b", -1)], "name"),
        ([("../a", 5)], "name"),
    ],
)
def test_limits_of_a_visitor_are_not_those_of_the_host(tmp_path: Path, files: list[tuple[str, int]], why: str) -> None:
    uploads = Uploads(tmp_path, SMALL)
    with pytest.raises(UploadError) as error:
        uploads.create(ANN, "x", files)
    assert reason(error) == why
    if why in ("bytes", "files"):
        assert uploads.create(HOST, "x", files).size == sum(size for _, size in files)
    assert uploads.all(ANN) == []


def test_limits_count_what_is_there_of_the_visitor_and_of_all(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, SMALL)
    first = uploads.create(ANN, "x", [("a", 800)])
    with pytest.raises(UploadError) as error:
        uploads.create(ANN, "x", [("a", 300)])
    assert reason(error) == "bytes"
    uploads.create(BOB, "x", [("a", 600)])
    with pytest.raises(UploadError, match="all visitors") as error:
        uploads.create(ANN, "x", [("a", 200)])
    assert reason(error) == "bytes"
    uploads.delete(first.id, ANN)
    for _ in range(3):
        uploads.create(ANN, "x", [("a", 1)])
    with pytest.raises(UploadError) as error:
        uploads.create(ANN, "x", [("a", 1)])
    assert reason(error) == "uploads"


def test_the_disk_keeps_room(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, replace(SMALL, spare=1 << 60))
    with pytest.raises(UploadError) as error:
        uploads.create(HOST, "x", [("a", 1)])
    assert reason(error) == "space"
    promised = Uploads(tmp_path, UploadLimits(host=Share(1 << 60, 10, 10)))
    free = os.statvfs(tmp_path).f_bavail * os.statvfs(tmp_path).f_frsize
    promised.create(HOST, "half", [("a", free * 6 // 10)])
    with pytest.raises(UploadError) as error:
        promised.create(HOST, "another half", [("a", free * 6 // 10)])
    assert reason(error) == "space"


def test_what_is_looked_at(uploads: Uploads, tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "one.png")
    with zipfile.ZipFile(tmp_path / "odd.name", "w") as archive:
        archive.writestr("a", "b")
    for file, looked in (("one.png", "files"), ("odd.name", "odd.name")):
        content = (tmp_path / file).read_bytes()
        upload = uploads.create(ANN, file, [(file, len(content))])
        with pytest.raises(UploadError):
            uploads.path(upload.id, ANN)
        uploads.append(upload.id, ANN, 0, content)
        uploads.finish(upload.id, ANN)
        assert uploads.path(upload.id, ANN).name == looked


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "..",
        "a/../b",
        "a\\..\\b",
        "C:\\x",
        "\\\\host\\x",
        "",
        ".",
        "a/\0b",
        "a\nb",
        "ä" * 121,
        "x/" * 30 + "a",
    ],
)
def test_names_that_are_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"; \w+"):
        clean_path(path)


def test_names_that_are_taken() -> None:
    assert clean_path("a\\b//./ c.JPG") == "a/b/ c.JPG"
    assert clean_path("写真" * 40) == "写真" * 40
    assert clean_path("..a/b..") == "..a/b.."
    for paths in (["a", "./a"], ["a", "b", "a/c"]):
        with pytest.raises(ValueError, match=r"twice|a folder"):
            clean_paths(paths)


def test_a_layout_is_cut_where_it_is_asked(tmp_path: Path) -> None:
    layout = Layout(tmp_path, ("a", "b", "c", "d"), (3, 4, 5, 6))
    for kept in range(17):
        layout.write(0, CONTENT[:17])
        layout.cut(kept)
        assert layout.received() == kept
        assert b"".join(bytes_of(tmp_path).values()) == CONTENT[:kept]
