"""Whatever bytes a table holds: a catalog that hangs together, or one line that says why not."""

import io
import json

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import MENDS, ROLES, CatalogError, Wish, look, read_catalog
from tests.catalog.support import encoded, picture

CSV = "id,image,split,color,name\n" + "".join(
    f'{n},{n % 4}.png,train,{("red", "Red", "a;b", "nan")[n % 4]},"n, {n}"\n' for n in range(12)
)
LINES = "\n".join(json.dumps({"file_name": f"{n}.png", "c": [1, {"a": 2}], "d": None}) for n in range(4))


def saved(writer: str, **options: object) -> bytes:
    out = io.BytesIO()
    getattr(pd.DataFrame({"image": ["0.png", "1.png"], "c": [1, None]}), writer)(out, **options)
    return out.getvalue()


FILES = {
    "csv": CSV.encode(),
    "tsv": CSV.replace(",", "\t").replace("red", "赤").encode("cp932"),
    "jsonl": LINES.encode(),
    "json": f"[{LINES.replace(chr(10), ',')}]".encode(),
    "xlsx": saved("to_excel", index=False),
    "parquet": saved("to_parquet"),
}
PIECES = [
    b'"',
    b",",
    b"\n",
    b";",
    b"\t",
    b"\0",
    b"\xff",
    b"{",
    b"}",
    b"../",
    b"C:\\",
    b"http://a/b ",
    b"\\ud800",
    "｜".encode(),
]
EDITS = st.lists(
    st.tuples(st.integers(0, 2**16), st.integers(0, 20), st.sampled_from(PIECES) | st.binary(max_size=5)), max_size=12
)


def edited(folder, suffix, stem, edits):
    """Four pictures, and a table whose bytes were changed."""
    content = FILES[suffix]
    for place, cut, piece in edits:
        place %= len(content) + 1
        content = content[:place] + piece + content[place + cut :]
    for old in folder.glob("*.*"):
        if old.is_file():
            old.unlink()
    for number in range(4):
        (folder / f"{number}.png").write_bytes(encoded(picture(seed=number)))
    (folder / f"{stem}.{suffix}").write_bytes(content)


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    suffix=st.sampled_from(sorted(FILES)),
    stem=st.sampled_from(["catalog", "metadata", "items"]),
    edits=EDITS,
    mend=st.booleans(),
)
def test_any_table(tmp_path, suffix, stem, edits, mend):
    edited(tmp_path, suffix, stem, edits)
    try:
        catalog = read_catalog(tmp_path, tmp_path / ".home", mend=mend)
    except CatalogError as error:
        assert "\n" not in str(error)
        return
    assert len({item.id for item in catalog}) == len(catalog)
    assert all((catalog.root / item.image).is_file() for item in catalog)
    assert all(
        catalog.labels(attribute.name).max(initial=-1) < len(attribute.values) for attribute in catalog.attributes
    )
    assert all("\n" not in text for text in catalog.warnings)
    assert len(catalog.digest) == 64


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    suffix=st.sampled_from(sorted(FILES)),
    edits=EDITS,
    roles=st.dictionaries(st.sampled_from(["id", "image", "split", "color", "name", "c"]), st.sampled_from(ROLES)),
    names=st.dictionaries(st.sampled_from(["color", "name", "c"]), st.sampled_from(["", "color", "x y"])),
    mends=st.frozensets(st.sampled_from(MENDS)),
)
def test_any_wish_of_any_table(tmp_path, suffix, edits, roles, names, mends):
    edited(tmp_path, suffix, "items", edits)
    try:
        found = look(tmp_path, tmp_path / ".home", Wish(roles=roles, names=names, mends=mends))
    except CatalogError as error:
        assert "\n" not in str(error)
        return
    catalog = found.catalog
    assert len({item.id for item in catalog}) == len(catalog)
    assert all(len(set(item.pictures)) == len(item.pictures) for item in catalog)
    assert all(not set(item.labels) & set(item.columns) for item in catalog)
    assert all(value in catalog.attribute(name).values for item in catalog for name, value in item.labels.items())
    assert all(problem.note.text and (problem.mend is None) == (problem.remedy is None) for problem in found.problems)
    assert json.loads(json.dumps(found.to_dict()))["items"] == len(catalog)
    again = found.with_wish(found.settled)
    assert [(item.id, item.labels) for item in again.catalog] == [(item.id, item.labels) for item in catalog]
