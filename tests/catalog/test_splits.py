"""The published split files."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from catalog import CatalogError
from catalog.splits import load_splits

PUBLISHED = Path(os.environ.get("LAPEL_DATA", "../shared/data")) / "asfr_splits"


@pytest.fixture
def dataset(tmp_path):
    folder = tmp_path / "Shop"
    folder.mkdir()
    meta = {"Shop": {"ATTRIBUTES": ["color", "fit"], "ATTRIBUTES_NUM": {"color": 3, "fit": 2}}}
    (tmp_path / "meta.json").write_text(json.dumps(meta))
    (folder / "filenames_test.txt").write_bytes(b"a.jpg\r\nb c.jpg\r\nd.jpg\r\n")
    (folder / "candidate_test.txt").write_bytes(b"0 0 2\r\n1 1 1\r\n")
    (folder / "query_test.txt").write_bytes(b"2 0 1\n")
    (folder / "label_test.txt").write_bytes(b"0\t1\t0\t1\t12\t2\t7\t\t\t\t\r\n1\t1\t5\t2\t30\t\t\t\r\n")
    return folder


def test_all_four_files(dataset):
    splits = load_splits(dataset)
    assert (splits.dataset, splits.split, splits.attributes) == ("Shop", "test", {"color": 3, "fit": 2})
    assert splits.files == ("a.jpg", "b c.jpg", "d.jpg")
    assert splits.queries.tolist() == [[2, 0, 1]]
    assert splits.candidates.tolist() == [[0, 0, 2], [1, 1, 1]]
    queries, candidates = splits.of("color")
    assert (queries.tolist(), candidates.tolist()) == ([[2, 1]], [[0, 2]])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_files_in_every_encoding(dataset, encoding):
    names = ("画像/シャツ.jpg", "画像/黒.jpg", "c.jpg")
    (dataset / "filenames_test.txt").write_bytes("\r\n".join(names).encode(encoding))
    (dataset.parent / "meta.json").write_bytes((dataset.parent / "meta.json").read_text().encode(encoding))
    assert load_splits(dataset).files == names


def test_labels_with_repeated_tabs_counted_from_one_come_out_as_in_the_query_files(dataset):
    labels = load_splits(dataset).labels
    assert labels.tolist() == [[0, 0, 0], [0, 0, 2], [0, 1, 0], [1, 0, 1], [1, 1, 1]]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("query_test.txt", "0 0\n", r"line 1: expected numbers"),
        ("query_test.txt", "0 0 1 1\n", r"line 1: expected numbers"),
        ("query_test.txt", "0 0 1\n0 x 1\n", r"line 2: expected numbers"),
        ("query_test.txt", "0 0 -1\n", r"line 1: expected numbers"),
        ("query_test.txt", "3 0 1\n", r"not there: \[3, 0, 1\]"),
        ("query_test.txt", "0 2 1\n", r"not there: \[0, 2, 1\]"),
        ("query_test.txt", "0 0 3\n", r"not there: \[0, 0, 3\]"),
        ("query_test.txt", "\n", "is empty"),
        ("label_test.txt", "0 1 5 2 5\n", "name 1 values of 'color'"),
        ("../meta.json", "{}", "does not describe 'Shop'"),
    ],
)
def test_damaged_files_are_named(dataset, name, text, words):
    (dataset / name).write_text(text)
    with pytest.raises(CatalogError, match=words):
        load_splits(dataset)


def test_what_is_missing(dataset):
    (dataset / "filenames_test.txt").unlink()
    (dataset / "label_test.txt").unlink()
    splits = load_splits(dataset)
    assert (splits.files, splits.labels) == (None, None)
    with pytest.raises(CatalogError, match="it has: color, fit"):
        splits.of("length")
    (dataset / "query_test.txt").unlink()
    with pytest.raises(CatalogError, match=r"lacks query_test\.txt"):
        load_splits(dataset)
    (dataset / "candidate_test.txt").unlink()
    with pytest.raises(CatalogError, match="no files of the split 'test'"):
        load_splits(dataset)
    (dataset.parent / "meta.json").unlink()
    with pytest.raises(CatalogError, match=r"no meta\.json"):
        load_splits(dataset)


@pytest.mark.data
@pytest.mark.parametrize("split", ["test", "valid"])
@pytest.mark.parametrize(
    ("name", "files", "queries", "values"),
    [
        ("FashionAI", 18_000, 3_600, [6, 9, 8, 6, 5, 5, 10, 5]),
        ("DARN", 21_461, 4_293, [20, 13, 55, 7, 28, 11, 26, 8, 17]),
        ("DeepFashion", 27_625, 5_525, [156, 218, 180, 216, 230]),
    ],
)
def test_the_published_files(name, files, queries, values, split):
    if not PUBLISHED.is_dir():
        pytest.skip(f"no published split files: {PUBLISHED} is missing (LAPEL_DATA)")
    splits = load_splits(PUBLISHED / name, split)
    assert list(splits.attributes.values()) == values
    assert (len(splits.files), len(splits.queries)) == (files, queries)
    assert len(splits.queries) + len(splits.candidates) == files
    assert not np.intersect1d(splits.queries[:, 0], splits.candidates[:, 0]).size
    assert sum(len(rows) for attribute in splits.attributes for rows in splits.of(attribute)) == files
    if splits.labels is not None:
        known = set(map(tuple, splits.labels.tolist()))
        assert known.issuperset(map(tuple, np.concatenate((splits.queries, splits.candidates)).tolist()))


@pytest.mark.data
def test_a_training_list_alone():
    if not PUBLISHED.is_dir():
        pytest.skip(f"no published split files: {PUBLISHED} is missing (LAPEL_DATA)")
    splits = load_splits(PUBLISHED / "FashionAI", "train")
    assert splits.labels.shape == (144_335, 3)
    with pytest.raises(CatalogError, match="no query and candidate files"):
        splits.of("skirt_length")
