import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from catalog import Catalog, load_catalog
from model import CROP, REGION, Column
from retrieval import (
    EngineOptions,
    ImageSource,
    ItemSource,
    MissingAttributes,
    Query,
    RetrievalError,
    SearchEngine,
    TableHolding,
    Term,
    Tuning,
    ValueSource,
    open_engine,
)
from retrieval.filters import some_of
from tests.retrieval.support import HashEmbedder, noise_catalog, ship

BY_COLOR = Query((Term("color", ItemSource("item-0")),))
PICTURE = Image.new("RGB", (5, 7), "green")


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return noise_catalog(tmp_path / "catalog", 25)


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def engine(catalog: Catalog, embedder: HashEmbedder, tmp_path: Path) -> SearchEngine:
    opened = open_engine(catalog, embedder, tmp_path / "home", ["color", "neck"])
    embedder.embedded.clear()
    return opened


def ids(hits) -> list[str]:
    return [hit.id for hit in hits]


def builds_indexes(home: Path) -> bool:
    """Whether indexes were built, or are being built."""
    working = any(thread.name == "lapel-indexes" for thread in threading.enumerate())
    return working or bool(list(home.rglob("*.hnsw")))


def test_an_item_is_its_own_best_hit(engine: SearchEngine) -> None:
    (hit,) = engine.search(BY_COLOR, 1)
    assert hit.id == "item-0"
    assert hit.score == pytest.approx(1, abs=1e-3)
    assert hit.shares == {"color": pytest.approx(hit.score)}


def test_k_is_clamped_and_no_hit_is_invented(engine: SearchEngine) -> None:
    assert len(engine.search(BY_COLOR, 10_000)) == 25
    assert len(engine.search(BY_COLOR, np.int64(3))) == 3
    assert engine.search(BY_COLOR, 5, {"color": [""], "title": []}) == []
    assert engine.search(BY_COLOR, 5, {"color": []}) == []
    assert engine.search(BY_COLOR, 5, exclude=[item.id for item in engine.catalog.items]) == []


def test_a_filter_on_what_is_not_there_names_what_is(engine: SearchEngine) -> None:
    with pytest.raises(RetrievalError, match=r"'color' has no value 'mauve' in this catalog; it has: \w+, "):
        engine.search(BY_COLOR, 5, {"color": ["red", "mauve"]})
    with pytest.raises(RetrievalError, match=r"no column 'size'; it has: .*color"):
        engine.count({"size": ["L"]})
    assert engine.search(BY_COLOR, 5, {"color": [""]}) == engine.search(BY_COLOR, 5, {"color": ""})


def test_a_message_lists_names_in_order_and_not_too_many() -> None:
    assert some_of(["b", "a"]) == "a, b"
    assert some_of([]) == "none"
    assert some_of([f"{number:02}" for number in range(30)]).endswith("18, 19 and 10 more")


def test_what_passes_the_filters_is_counted(engine: SearchEngine) -> None:
    assert engine.count({}) == len(engine.search(BY_COLOR, 10_000))
    assert engine.count({"color": ["red"]}) == len(engine.search(BY_COLOR, 10_000, {"color": ["red"]})) > 0
    assert engine.count({"color": []}) == 0


@pytest.mark.parametrize("k", [0, -1, 2.5, True, None, "3"])
def test_k_below_one_or_no_number_is_refused(engine: SearchEngine, k) -> None:
    with pytest.raises(RetrievalError, match="at least 1"):
        engine.search(BY_COLOR, k)


def test_filters_and_excluded_items(engine: SearchEngine) -> None:
    wanted = {item.id for item in engine.catalog.items if item.labels.get("color") == "red" and item.split == "test"}
    assert wanted
    assert set(ids(engine.search(BY_COLOR, 25, {"color": {"red"}, "split": ["test"]}))) == wanted
    assert set(ids(engine.search(BY_COLOR, 25, {"color": "red", "split": "test"}))) == wanted
    blank = {item.id for item in engine.catalog.items if "color" not in item.labels}
    assert set(ids(engine.search(BY_COLOR, 25, {"color": [""]}))) == blank
    assert ids(engine.search(BY_COLOR, 25, exclude="item-0")) == ids(engine.search(BY_COLOR, 25))[1:]
    without = engine.search(BY_COLOR, 25, exclude=["item-0", "item-7", "never seen"])
    assert ids(without) == [id for id in ids(engine.search(BY_COLOR, 25)) if id not in ("item-0", "item-7")]


@pytest.mark.parametrize(
    ("query", "filters", "message"),
    [
        (Query((Term("heel", ItemSource("item-0")),)), {}, "'heel'"),
        (Query((Term("color", ItemSource("item-99")),)), {}, "'item-99'"),
        (Query((Term("color", ValueSource("mauve")),)), {}, "blue, green, red"),
        (Query((Term("neck", ValueSource("round")),)), {}, "no labels for 'neck'"),
        (BY_COLOR, {"price": ["1"]}, "no column 'price'"),
        (BY_COLOR, {"color": ["red", "mauve"]}, "no value 'mauve' .* blue, green, red"),
    ],
)
def test_what_is_not_there_is_said(engine: SearchEngine, query: Query, filters, message: str) -> None:
    with pytest.raises(RetrievalError, match=message):
        engine.search(query, 3, filters)


def test_a_prototype_is_the_mean_of_the_labelled_items(engine: SearchEngine) -> None:
    hits = engine.search(Query((Term("color", ValueSource("green")),), beta=1.0), 25)
    members = [row for row, item in enumerate(engine.catalog.items) if item.labels.get("color") == "green"]
    regions = engine.table.column(Column("color", REGION)).astype(float)
    mean = regions[members].mean(0)
    expected = regions @ mean / np.linalg.norm(mean)
    assert {hit.id: hit.score for hit in hits} == pytest.approx(
        {item.id: score for item, score in zip(engine.catalog.items, expected, strict=True)}, abs=1e-8
    )


def test_items_need_no_network_and_an_image_one_pass_for_its_attributes(
    engine: SearchEngine, embedder: HashEmbedder
) -> None:
    engine.search(BY_COLOR, 3)
    assert embedder.embedded == []
    source = ImageSource(PICTURE)
    engine.search(Query((Term("color", source), Term("neck", source, 2))), 3)
    assert [name for _, name in embedder.embedded] == ["color", "neck"]
    again = ImageSource(PICTURE.copy())
    engine.search(Query((Term("color", again, 5), Term("neck", again)), beta=0.9), 7)
    assert len(embedder.embedded) == 2
    engine.search(Query((Term("color", ImageSource(Image.new("RGB", (7, 5), "green"))),)), 3)
    assert len(embedder.embedded) == 3


def test_terms_may_come_from_different_images(engine: SearchEngine) -> None:
    first, second = (engine.catalog.open(engine.catalog.items[row]) for row in (4, 9))
    mixed = engine.search(Query((Term("color", ImageSource(first)), Term("neck", ImageSource(second)))), 25)
    by_item = engine.search(Query((Term("color", ItemSource("item-4")), Term("neck", ItemSource("item-9")))), 25)
    assert mixed == by_item


def test_an_attribute_can_be_added(engine: SearchEngine, embedder: HashEmbedder, tmp_path: Path) -> None:
    query = Query((Term("pattern", ItemSource("item-2")),))
    with pytest.raises(MissingAttributes) as error:
        engine.search(query, 3)
    assert error.value.attributes == ["pattern"]
    steps: list[tuple[int, int]] = []
    engine.ensure(["pattern", "color"], lambda *step: steps.append(step))
    assert steps[-1] == (25, 25)
    assert {name for _, name in embedder.embedded} == {"pattern"}
    assert engine.attributes == ["color", "pattern", "neck"]
    assert engine.search(query, 1)[0].id == "item-2"
    steps.clear()
    engine.ensure(["pattern"], lambda *step: steps.append(step))
    assert steps == []
    fresh = HashEmbedder()
    reopened = open_engine(engine.catalog, fresh, tmp_path / "home", ["color"])
    assert reopened.attributes == ["color", "pattern", "neck"]
    assert fresh.embedded == []
    with pytest.raises(RetrievalError, match="'heel'"):
        engine.ensure(["heel"])


def test_what_another_process_embedded_meanwhile_is_kept(
    engine: SearchEngine, embedder: HashEmbedder, tmp_path: Path
) -> None:
    """Two engines on one home: each adds an attribute, and neither has to be embedded again."""
    other = open_engine(engine.catalog, embedder, tmp_path / "home", ["color"])
    other.ensure(["pattern"])
    embedder.embedded.clear()
    engine.update(engine.catalog, look=True)
    engine.embed()
    assert engine.attributes == ["color", "pattern", "neck"]
    assert embedder.embedded == []
    assert engine.search(BY_COLOR, 3) == other.search(BY_COLOR, 3)


def test_closing_twice_and_after_a_reload(engine: SearchEngine, tmp_path: Path) -> None:
    expected = engine.search(BY_COLOR, 25)
    engine.tuning = Tuning(exact_below=0)
    engine.close()
    engine.close()
    engine.update(engine.catalog, look=True)
    engine.embed()
    assert engine.search(BY_COLOR, 25) == expected
    assert not builds_indexes(tmp_path / "home")


def test_a_close_while_the_catalog_is_embedded_stops_the_indexes_of_the_new_one(
    engine: SearchEngine, tmp_path: Path
) -> None:
    engine.tuning = Tuning(exact_below=0)
    engine.ensure(["pattern"], lambda done, total: engine.close())
    assert engine.attributes == ["color", "pattern", "neck"]
    assert [hit.id for hit in engine.search(BY_COLOR, 1)] == ["item-0"]
    assert not builds_indexes(tmp_path / "home")


def test_a_cancelled_ensure_leaves_the_engine_as_it_was(engine: SearchEngine) -> None:
    def cancel(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.ensure(["pattern"], cancel)
    assert engine.attributes == ["color", "neck"]
    assert engine.search(BY_COLOR, 1)[0].id == "item-0"
    engine.ensure(["pattern"])
    assert engine.attributes == ["color", "pattern", "neck"]


def test_a_shipped_table_that_lacks_an_attribute_is_a_source(catalog: Catalog, tmp_path: Path) -> None:
    ship(catalog, HashEmbedder(), tmp_path / "shipped", ["color"])
    embedder = HashEmbedder()
    options = EngineOptions(shipped=[tmp_path / "shipped"])
    engine = open_engine(catalog, embedder, tmp_path / "home", ["color", "neck"], options=options)
    assert {name for _, name in embedder.embedded} == {"neck"}
    assert engine.attributes == ["color", "neck"]


def test_unlabelled_catalogs_are_embedded_for_all_that_the_weights_know(catalog: Catalog, tmp_path: Path) -> None:
    assert open_engine(catalog, HashEmbedder(), tmp_path / "home").attributes == ["color"]
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "0.png").write_bytes((catalog.root / "0.png").read_bytes())
    unlabelled = open_engine(load_catalog(bare), HashEmbedder(), tmp_path / "home")
    assert unlabelled.attributes == ["color", "pattern", "neck"]


def test_a_table_of_another_catalog_is_refused(catalog: Catalog, tmp_path: Path) -> None:
    table = ship(catalog, HashEmbedder(), tmp_path / "table", ["color"])
    other = noise_catalog(tmp_path / "other", 24)
    with pytest.raises(RetrievalError, match="another catalog"):
        SearchEngine(other, TableHolding(table, tmp_path), HashEmbedder())


@pytest.mark.parametrize("exact_below", [0, 20_000])
@pytest.mark.parametrize("weight", [1.0, -0.5])
def test_searches_go_on_while_the_catalog_changes(tmp_path: Path, exact_below: int, weight: float) -> None:
    """Every answer is that of one of the two catalogs, whole, while attributes are added as well."""
    small, large = (noise_catalog(tmp_path / str(n), n) for n in (20, 40))
    options = EngineOptions(tuning=Tuning(exact_below=exact_below, first=4))
    engine = open_engine(small, HashEmbedder(), tmp_path / "home", ["color", "neck"], options=options)
    query = Query((Term("color", ItemSource("item-3")), Term("neck", ItemSource("item-8"), weight)))
    answers = {20: engine.search(query, 40)}
    engine.update(large, look=True)
    engine.embed()
    answers[40] = engine.search(query, 40)
    done, wrong, counts = threading.Event(), [], set()

    def search() -> None:
        while not done.is_set():
            hits = engine.search(query, 40)
            counts.add(len(hits))
            if hits != answers.get(len(hits)):
                wrong.append(hits)

    with ThreadPoolExecutor(4) as pool:
        searching = [pool.submit(search) for _ in range(3)]
        try:
            adding = pool.submit(engine.ensure, ["pattern"])
            for turn in range(6):
                engine.update((small, large)[turn % 2], look=True)
                engine.embed()
            adding.result()
        finally:
            done.set()
    engine.close()
    assert [future.exception() for future in searching] == [None] * 3
    assert wrong == []
    assert counts == {20, 40}
    assert engine.attributes == ["color", "pattern", "neck"]


@pytest.mark.parametrize("only", [REGION, CROP])
@pytest.mark.parametrize("beta", [0.0, 0.3, 1.0])
def test_weights_with_one_branch_rank_by_it_whatever_beta_is_asked(
    only: str, beta: float, catalog: Catalog, tmp_path: Path
) -> None:
    embedder = HashEmbedder(mixes={"color": {only: 1.0}})
    engine = open_engine(catalog, embedder, tmp_path / "home", ["color"])
    assert engine.table.columns == (Column("color", only),)
    expected = engine.search(BY_COLOR, 5)
    assert expected[0].id == "item-0" and len({hit.score for hit in expected}) == 5
    assert engine.search(Query(BY_COLOR.terms, beta), 5) == expected


def test_columns_beside_those_of_attributes_are_embedded_once_and_kept(
    catalog: Catalog, embedder: HashEmbedder, tmp_path: Path
) -> None:
    beside = [Column("pattern", REGION)]
    engine = open_engine(catalog, embedder, tmp_path / "home", ["color"], options=EngineOptions(columns=beside))
    assert engine.attributes == ["color"] and engine.table.has(beside)
    embedder.embedded.clear()
    more = [*beside, Column("neck", CROP)]
    engine.ensure([], columns=more)
    assert engine.table.has(more) and {name for _, name in embedder.embedded} == {"neck"}
    engine.ensure(["neck"])
    engine.update(catalog, look=True)
    engine.embed()
    assert open_engine(catalog, HashEmbedder(), tmp_path / "home", ["color", "pattern"]).table.has(more)
    assert engine.table.has(more) and engine.attributes == ["color", "neck"]
    embedder.embedded.clear()
    engine.ensure([], columns=more)
    assert not embedder.embedded
