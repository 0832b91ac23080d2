"""Views put together on two small drawn shops: what is chosen, what stays as it was, and what the record says."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import timm
import torch
from safetensors.torch import save_file

from catalog import Attribute, Catalog
from eval.metrics import average_precision, ranked_relevance
from model import (
    GENERAL,
    READING,
    REGION,
    RPF,
    WHOLE,
    Config,
    MatchMap,
    derivation,
    load,
    load_record,
    save,
    with_general,
)
from retrieval import Embedder
from tests.training.conftest import COLORS, small
from training import views
from training.embedded import Ground, grounds
from training.errors import TrainingError
from training.fit import Plan, Recalibration, fit, recalibrate
from training.mixing import MIXES
from training.views import together

SHARES = (0.0, 0.4)
LABELLED = {"color", "pattern", "coat_length"}


def silent(line: str) -> None: ...


def worn(shop: Catalog, name: str, places: slice) -> Catalog:
    """Some of the squares, a quarter of them called what they are not; red ones show no coat, the others a long one where
    they are striped."""
    rng = np.random.default_rng(5)
    values = {"color": list(COLORS), "pattern": ["solid", "stripe"]}
    items = []
    for item in shop.items[places]:
        labels = item.labels | {key: str(rng.choice(some)) for key, some in values.items() if rng.random() < 0.25}
        length = {"stripe": "long", "solid": "short"}.get(labels.get("pattern", ""))
        coat = "invisible" if labels.get("color") == "red" else length
        items.append(replace(item, labels=labels | ({"coat_length": coat} if coat else {})))
    attributes = (*shop.attributes, Attribute("coat_length", ("invisible", "long", "short")))
    return replace(shop, name=name, items=tuple(items), attributes=attributes)


@dataclass(frozen=True)
class Chosen:
    """Weights before and after, the shops that they were chosen on, and the record. folder: of trunk and tables."""

    folder: Path
    shops: tuple[Catalog, Catalog]
    record: dict[str, Any]

    @property
    def home(self) -> Path:
        return self.folder / "home"


@pytest.fixture(scope="module", autouse=True)
def few_shares() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(views, "READINGS", SHARES)
        yield


@pytest.fixture(scope="module")
def chosen(shop: Catalog, tmp_path_factory: pytest.TempPathFactory, few_shares: None) -> Chosen:
    """Of a network drawn by lot that also knows `shade`, which nobody labels; its general view is timm's smallest ViT."""
    folder = tmp_path_factory.mktemp("chosen")
    torch.manual_seed(3)
    known = {attribute.name: list(attribute.values) for attribute in shop.attributes}
    known = {**known, "coat_length": ["long", "short"], "shade": ["dark", "light"]}
    save(RPF(replace(small(known), region_trunk="test_resnet", dim=192)), folder / "begun")
    save_file(timm.create_model("test_vit").state_dict(), folder / "test_vit.safetensors")
    shops = worn(shop, "even", slice(0, None, 2)), worn(shop, "odd", slice(1, None, 2))
    plan = Recalibration(general="test_vit", trunks=str(folder))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LAPEL_HOME", str(folder / "home"))
        record = recalibrate(shops, folder / "begun", folder / "out", plan, "cpu", say=silent)
    return Chosen(folder, shops, record)


def test_the_network_itself_stays_as_it_was(chosen: Chosen) -> None:
    begun = with_general(load(chosen.folder / "begun"), "test_vit", chosen.folder)
    network = load(chosen.folder / "out")
    own = network.state_dict()
    assert all(torch.equal(value, own[name]) for name, value in begun.state_dict().items() if name.startswith("trunk."))
    assert network.embedding_digest == replaced(begun, views=(REGION, WHOLE)).embedding_digest
    assert network.config.general_trunk == "test_vit" and network.config.general_size == 160


def replaced(network: RPF, **changes: object) -> RPF:
    network.config = replace(network.config, **changes)  # type: ignore[arg-type]
    return network


def test_each_labelled_attribute_has_a_mix_and_the_others_their_mean(chosen: Chosen) -> None:
    config: Config = load(chosen.folder / "out").config
    assert tuple(config.views) == (REGION, WHOLE)
    assert set(config.mixes) == LABELLED and all(tuple(mix) in MIXES for mix in config.mixes.values())
    assert len(set(map(tuple, config.mixes.values()))) > 1, "the squares tell attributes apart"
    np.testing.assert_allclose(config.mix, np.mean(list(config.mixes.values()), axis=0), atol=1e-4)


def test_the_best_share_of_the_readings_is_taken(chosen: Chosen) -> None:
    by_share = {float(share): figure for share, figure in chosen.record["reading"].items()}
    assert tuple(by_share) == SHARES
    network = load(chosen.folder / "out")
    assert network.config.reading == max(by_share, key=lambda share: by_share[share]) == 0.4
    read = {name: network.readout.row(index) is not None for index, name in enumerate(network.config.attributes)}
    assert {name for name, there in read.items() if there} == LABELLED


def test_match_maps_are_of_the_mixes_that_are_written(chosen: Chosen) -> None:
    network = load(chosen.folder / "out")
    assert set(network.config.matches) == LABELLED
    for name in LABELLED:
        own = derivation(network, name)
        assert own.match == MatchMap.from_json(network.config.matches[name])
        assert own.match is not None and own.match.fits([own.mix[section.name] for section in own.sections])
        assert own.match.chances[0] < own.match.chances[-1]


def test_what_cannot_be_seen_is_learnt_where_labels_tell(chosen: Chosen) -> None:
    network = load(chosen.folder / "out")
    seen = {name: derivation(network, name).seen for name in network.config.attributes}
    assert [name for name, found in seen.items() if found is not None] == ["coat_length"]
    assert network.config.applicability is not None and 0 < network.config.applicability <= 0.5


def own_map(ground: Ground, network: RPF, name: str) -> dict[str, float]:
    """MAP (%) of a `valid` split, apart from the code: fused, and by section."""
    rows = np.array([i for i, item in enumerate(ground.catalog.items) if item.split == "valid"])
    values = np.array([ground.catalog.items[row].labels.get(name, "invisible") for row in rows])
    own = derivation(network, name)
    raw = [np.asarray(ground.table.column(column)[rows], np.float32) for column in own.needs]
    means = {column: part.mean(0) for column, part in zip(own.needs, raw, strict=True)}
    known = values != "invisible"
    vectors = own.on(means, len(rows)).apply(raw)[known].astype(np.float64)
    start, fused, found = 0, np.zeros((known.sum(), known.sum())), {}
    same, itself = values[known][:, None] == values[known][None], np.eye(known.sum(), dtype=bool)
    for section in own.sections:
        part = vectors[:, start : start + section.width]
        start, scores = start + section.width, part @ part.T
        fused += own.mix[section.name] * scores
        found[f"map_{section.name}"] = 100 * average_precision(ranked_relevance(scores, same, itself))
    return {"map": 100 * average_precision(ranked_relevance(fused, same, itself)), **found}


def test_the_record_says_what_the_written_weights_reach(chosen: Chosen) -> None:
    network = load(chosen.folder / "out")
    assert load_record(chosen.folder / "out") == chosen.record
    assert chosen.record["calibrated_on"] == [shop.digest for shop in chosen.shops]
    assert set(chosen.record["valid"]) == {"even", "odd"}
    for ground in grounds(replaced(load(chosen.folder / "out"), reading=0.0), chosen.shops, chosen.home, "cpu"):
        rows = chosen.record["valid"][ground.name]
        assert set(rows) == LABELLED
        for name, row in rows.items():
            expected = own_map(ground, network, name)
            assert set(row) == set(expected) and "map_reading" in row
            assert row == pytest.approx(expected, abs=0.6), "weights are kept in float16"


def test_what_no_catalog_labels_keeps_its_calibration_and_nothing_is_embedded_again(
    chosen: Chosen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("everything is in a table already")

    network = load(chosen.folder / "out")
    shade = network.attribute_index("shade")
    network.calibration.centre[shade, 0] = 0.25
    monkeypatch.setattr(Embedder, "embed", refuse)
    again, record = together(network, chosen.shops, chosen.home, "cpu", say=silent)
    assert (again.calibration.centre[shade, 0] == 0.25).all()
    assert record == {key: chosen.record[key] for key in ("valid", "reading")}
    assert again.config.mixes == {name: tuple(mix) for name, mix in network.config.mixes.items()}
    assert again.config.matches == network.config.matches


def test_drawings_say_nothing_where_photographs_are_labelled(chosen: Chosen) -> None:
    """The odd squares, called drawings, still teach and are measured, but match levels are of the even ones alone."""
    lines: list[str] = []
    network = load(chosen.folder / "out")
    found, record = together(network, chosen.shops, chosen.home, "cpu", {"odd"}, lines.append)
    assert set(record["valid"]) == {"even", "odd"}
    shares, alone = (
        [np.ptp(one["shares"]) for one in config.matches.values()] for config in (network.config, found.config)
    )
    assert max(shares) > 0 and max(alone) == 0
    assert lines[0].startswith("mixes in tenths: ") and lines[1].endswith(f"{found.config.reading:g} taken")


@pytest.mark.parametrize("changes", [{"config": "small-region"}, {"config": "small", "calibrate": False}])
def test_a_general_view_is_refused_before_any_work(
    changes: dict[str, Any], shop: Catalog, trunks: Path, tmp_path: Path
) -> None:
    plan = Plan(steps=(1, 0), general=True, **changes)
    with pytest.raises(TrainingError, match="--general needs a patch branch and calibration"):
        fit([shop], tmp_path / "out", trunks, plan, "cpu", say=silent)
    assert not (tmp_path / "out").exists()


def test_sections_of_the_written_weights_are_named(chosen: Chosen) -> None:
    network = load(chosen.folder / "out")
    for name in LABELLED:
        named = [section.name for section in derivation(network, name).sections]
        assert named[0] == REGION and named[-1] == READING and set(named) <= {REGION, WHOLE, GENERAL, READING}
