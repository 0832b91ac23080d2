"""A reading against its formula written out, what it needs, and its file."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from model import Column, ModelError, Reading, Section, load_reading

GENERAL, WHOLE = Column("", "general"), Column("collar", "whole")


class Halved:
    """The first half of one column: how an attribute of the weights might be derived."""

    needs = (Column("fit", "region"), GENERAL)
    sections = (Section("region", 2), Section("general", 3))
    mix = {"region": 0.75, "general": 0.25}  # noqa: RUF012
    digest = "halved"
    plain = False

    def apply(self, raw):
        return np.concatenate([raw[0][:, :2], raw[1]], axis=1).astype(np.float32)


def unit(rng: np.random.Generator, *shape: int) -> np.ndarray:
    drawn = rng.normal(size=shape)
    return (drawn / np.linalg.norm(drawn, axis=-1, keepdims=True)).astype(np.float16)


def reading(mix=None, general_centre=None, own=None) -> Reading:
    rng = np.random.default_rng(0)
    centres = (0.1 * unit(rng, 4), 0.1 * unit(rng, 3))
    weights = tuple(rng.normal(size=(width, 2)).astype(np.float16) for width in (4, 3))
    mix = mix or {"posterior": 1.0}
    centres = tuple(centre.astype(np.float16) for centre in centres)
    return Reading("fit", ("slim", "wide"), (WHOLE, GENERAL), centres, weights, mix, general_centre, own, {"map": 50.0})


def test_the_posterior_is_that_of_the_formula() -> None:
    taught, rng = reading(), np.random.default_rng(1)
    raw = [unit(rng, 5, 4), unit(rng, 5, 3)]
    found = taught.apply(raw)
    for row in range(5):
        logits = np.zeros(2)
        for part, centre, weights in zip(raw, taught.centres, taught.weights, strict=True):
            moved = part[row].astype(float) - centre.astype(float)
            logits += moved / np.sqrt((moved**2).sum()) @ weights.astype(float)
        wanted = np.exp(logits) / np.exp(logits).sum()
        assert found[row] == pytest.approx(wanted, abs=1e-4)
    assert found.dtype == np.float32
    assert taught.needs == (WHOLE, GENERAL)
    assert [tuple(section) for section in taught.sections] == [("posterior", 2, False)]


def test_the_general_view_stands_beside_centred_and_of_length_one() -> None:
    centre = np.array([0.2, 0.0, 0.1], np.float16)
    taught, rng = reading({"posterior": 0.9, "general": 0.1}, centre), np.random.default_rng(1)
    raw = [unit(rng, 5, 4), unit(rng, 5, 3)]
    found = taught.apply(raw)
    moved = raw[1].astype(float) - centre
    assert found[:, 2:] == pytest.approx(moved / np.linalg.norm(moved, axis=1, keepdims=True), abs=1e-3)
    assert [section.width for section in taught.sections] == [2, 3]
    assert found[:, :2] == pytest.approx(reading().apply(raw))


def test_the_weights_own_attribute_stands_beside_and_no_column_is_asked_for_twice() -> None:
    taught, rng = reading({"posterior": 0.5, "region": 0.375, "general": 0.125}, own=Halved()), np.random.default_rng(1)
    assert taught.needs == (WHOLE, GENERAL, Column("fit", "region"))
    raw = [unit(rng, 5, 4), unit(rng, 5, 3), unit(rng, 5, 4)]
    found = taught.apply(raw)
    assert found.shape == (5, sum(section.width for section in taught.sections))
    assert found[:, 2:4] == pytest.approx(raw[2][:, :2].astype(float))
    assert found[:, 4:] == pytest.approx(raw[1].astype(float))


def test_a_file_gives_the_same_reading_back(tmp_path: Path) -> None:
    centre = np.array([0.2, 0.0, 0.1], np.float16)
    taught, rng = reading({"posterior": 0.9, "general": 0.1}, centre), np.random.default_rng(1)
    taught.save(tmp_path / "taught" / "fit.safetensors")
    back = load_reading(tmp_path / "taught" / "fit.safetensors")
    raw = [unit(rng, 5, 4), unit(rng, 5, 3)]
    assert np.array_equal(back.apply(raw), taught.apply(raw))
    assert (back.name, back.values, back.needs, back.mix) == (taught.name, taught.values, taught.needs, taught.mix)
    assert back.record == {"map": 50.0} and back.digest == taught.digest
    assert [file.name for file in (tmp_path / "taught").iterdir()] == ["fit.safetensors"]


def test_the_digest_tells_readings_apart() -> None:
    other = reading()
    other.weights[1][0, 0] += 1
    with_own = reading({"posterior": 0.5, "region": 0.375, "general": 0.125}, own=Halved())
    assert len({reading().digest, other.digest, with_own.digest}) == 3
    assert reading().digest == reading().digest


def test_a_reading_on_top_of_weights_is_loaded_with_these_weights_only(tmp_path: Path) -> None:
    taught = reading({"posterior": 0.5, "region": 0.375, "general": 0.125}, own=Halved())
    taught.save(tmp_path / "fit.safetensors")
    back = load_reading(tmp_path / "fit.safetensors", lambda name: Halved())
    assert back.digest == taught.digest
    changed = Halved()
    changed.digest = "changed"
    for own in (None, lambda name: changed):
        with pytest.raises(ModelError, match="teach it again with these"):
            load_reading(tmp_path / "fit.safetensors", own)


def test_what_is_no_reading_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "noise.safetensors").write_bytes(b"noise")
    save_file({"a": np.zeros(3)}, tmp_path / "weights.safetensors")
    reading({"posterior": 0.9, "other": 0.1}).save(tmp_path / "shares.safetensors")
    for name in ("missing", "noise", "weights", "shares"):
        with pytest.raises(ModelError, match="teach it again") as caught:
            load_reading(tmp_path / f"{name}.safetensors")
        assert "\n" not in str(caught.value)
