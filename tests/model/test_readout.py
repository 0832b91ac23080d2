"""What is read off the views of an attribute of the weights: its buffers, and its section of derived vectors."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from model import GENERAL, NEVER, READING, REGION, RPF, WHOLE, Column, Readout, derivation, load, save
from tests.model.test_derivation import ATTRIBUTES, network_of, raw_of

VIEWS = (REGION, WHOLE)
MIXES = {"neck": (0.2, 0.0, 0.5, 0.3), "lapel design": (1.0, 0.0, 0.0, 0.0)}
SHARE = 0.3
NAMES = {name: ["a", "b", "c", "d"][: 4 - place] for place, name in enumerate(ATTRIBUTES)}


def read_network() -> RPF:
    """`neck` has three values and a reading, `lapel design` two; `color` has none."""
    network = network_of(
        attributes=NAMES, calibration_axes=3, views=VIEWS, mixes=MIXES, mix=MIXES["neck"], reading=SHARE
    )
    generator = torch.Generator().manual_seed(1)
    for index, name in enumerate(NAMES):
        if name != "color":
            count = len(NAMES[name])
            weight = network.readout.weight[index, :, :count]
            weight.copy_(torch.randn(weight.shape, generator=generator))
            network.readout.bias[index, :count] = torch.arange(count) / 2
    return network


def test_an_attribute_without_weights_has_no_reading() -> None:
    readout = Readout(2, [3, 2], 4)
    assert readout.row(0) is None and (readout.bias == NEVER).all()
    readout.weight[1, 0, 0] = 1.0
    readout.bias[1, :2] = 0.0
    row = readout.row(1)
    assert row is not None and [tuple(part.shape) for part in row.weights] == [(3, 2), (2, 2)]
    assert row.bias.tolist() == [0, 0], "values that nobody has are left out"


def test_chances_are_the_softmax_of_one_linear_map() -> None:
    row = read_network().readout.row(1)
    assert row is not None
    parts = [torch.randn(5, part.shape[0]) for part in row.weights]
    logits = np.hstack([part.double().numpy() for part in parts]) @ np.vstack(
        [part.double().numpy() for part in row.weights]
    )
    expected = np.exp(logits + row.bias.double().numpy())
    expected /= expected.sum(1, keepdims=True)
    np.testing.assert_allclose(row.apply(parts).numpy(), expected, atol=1e-5)


def test_a_reading_is_a_section_beside_the_views() -> None:
    network = read_network()
    own = derivation(network, "neck")
    assert [section.name for section in own.sections] == [REGION, WHOLE, GENERAL, READING]
    assert [section.unit for section in own.sections] == [True, True, True, False]
    assert own.mix == pytest.approx({REGION: 0.14, WHOLE: 0.35, GENERAL: 0.21, READING: SHARE})
    vectors = own.apply(raw_of(network, own.needs))
    assert vectors.shape[1] == sum(section.width for section in own.sections)
    chances = vectors[:, -3:]
    np.testing.assert_allclose(chances.sum(1), 1, atol=1e-5)
    assert (chances >= 0).all() and chances.std(0).max() > 0.01
    np.testing.assert_allclose(np.linalg.norm(vectors[:, : own.sections[0].width], axis=1), 1, atol=1e-5)


def test_every_view_is_read_whatever_the_mix_compares() -> None:
    """`lapel design` is compared by region alone, and `neck` by all; both are read off the three views, in their order."""
    network = read_network()
    own = derivation(network, "lapel design")
    assert [section.name for section in own.sections] == [REGION, READING]
    assert own.needs == (Column("lapel design", REGION), Column("lapel design", WHOLE), Column("", GENERAL))
    assert sum(own.mix.values()) == pytest.approx(1) and own.mix[READING] == SHARE
    raw = raw_of(network, own.needs)
    index = network.attribute_index("lapel design")
    centres = [network.calibration.centre[index, 0], network.calibration.centre[index, 1]]
    centres.append(network.general_calibration.centre[index, 0])
    seen = [_centred(part, centre.numpy()) for part, centre in zip(raw, centres, strict=True)]
    logits = np.hstack(seen) @ network.readout.weight[index, :, :2].double().numpy() + [0, 0.5]
    expected = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    np.testing.assert_allclose(own.apply(raw)[:, -2:], expected, atol=1e-4)


def _centred(raw: np.ndarray, centre: np.ndarray) -> np.ndarray:
    wide = raw.astype(np.float64)
    moved = wide / np.linalg.norm(wide, axis=1, keepdims=True) - centre
    unit: np.ndarray = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return unit


def test_without_a_reading_the_views_have_the_whole_score() -> None:
    network = read_network()
    own = derivation(network, "color")
    assert own.readout is None and READING not in own.mix
    assert sum(own.mix.values()) == pytest.approx(1)
    network.config = replace(network.config, reading=0.0)
    assert READING not in derivation(network, "neck").mix


def test_the_digest_follows_what_is_read() -> None:
    network = read_network()
    before = {name: derivation(network, name).digest for name in NAMES}
    network.readout.weight[1, 0, 0] += 1
    after = {name: derivation(network, name).digest for name in NAMES}
    assert [name for name in NAMES if before[name] != after[name]] == ["neck"]


def test_weights_in_half_precision_read_the_same(tmp_path: Path) -> None:
    network = read_network()
    save(network, tmp_path)
    again = load(tmp_path)
    assert again.config.reading == SHARE
    assert (again.readout.bias[0] < NEVER / 2).all() and again.readout.row(0) is None
    for name in ("neck", "lapel design"):
        own, kept = derivation(network, name), derivation(again, name)
        assert kept.sections == own.sections and kept.mix == pytest.approx(own.mix)
        raw = raw_of(network, own.needs)
        np.testing.assert_allclose(kept.apply(raw), own.apply(raw), atol=3e-3)
