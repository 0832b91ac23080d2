"""What an attribute makes of raw embeddings, against the same sums in numpy; and which mixes there can be."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from model import CROP, GENERAL, REGION, RPF, VIEWS, WHOLE, Column, Config, WeightsError, derivation, repeated

ATTRIBUTES: dict[str, list[str]] = {"color": [], "neck": [], "lapel design": []}
MIXES = {"neck": (0.1, 0.0, 0.5, 0.4), "lapel design": (0.25, 0.25, 0.25, 0.25)}
VIT = {"embed_dim": 48, "depth": 1, "num_heads": 3}


def config_of(**changes: object) -> Config:
    small = Config(
        ATTRIBUTES, "resnet18", patch_options=VIT, dim=256, attribute_dim=32, common_dim=32, heads=3, input_size=112
    )
    four = {"views": (REGION, CROP, WHOLE), "general_trunk": "resnet10t", "general_size": 112}
    return replace(small, beta=0.3, **{**four, "mixes": MIXES, **changes})  # type: ignore[arg-type]


def network_of(**changes: object) -> RPF:
    torch.manual_seed(0)
    network = RPF(config_of(**changes)).eval()
    if network.config.calibration_axes is not None:
        for part in (network.calibration, network.general_calibration):
            for value in part.buffers():
                value.copy_(torch.randn_like(value) / 20)
    return network


def raw_of(network: RPF, needs: tuple[Column, ...], count: int = 6) -> list[np.ndarray]:
    """Unit embeddings of lots, as a table stores them."""
    rng = np.random.default_rng(1)
    widths = [network.general_width if view == GENERAL else network.config.dim for _, view in needs]
    parts = [rng.standard_normal((count, width)) for width in widths]
    return [(part / np.linalg.norm(part, axis=1, keepdims=True)).astype(np.float16) for part in parts]


def by_hand(network: RPF, attribute: str, view: str, raw: np.ndarray) -> np.ndarray:
    """A calibrated view in numpy: less the centre, drawn out along the axes, of unit length."""
    index = list(ATTRIBUTES).index(attribute)
    own, place = (
        (network.general_calibration, 0) if view == GENERAL else (network.calibration, network.config.views.index(view))
    )
    centre, reads, axes = (part[index, place].double().numpy() for part in (own.centre, own.reads, own.axes))
    wide = raw.astype(np.float64)
    centred = wide / np.linalg.norm(wide, axis=1, keepdims=True) - centre
    drawn = centred + sum(np.outer(centred @ reads[:, k], axes[:, k]) for k in range(axes.shape[1]))
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


EXPECTED = {"color": (REGION, CROP), "neck": (REGION, WHOLE, GENERAL), "lapel design": VIEWS}


@pytest.mark.parametrize("attribute", ATTRIBUTES)
@pytest.mark.parametrize("axes", [None, 3])
def test_a_derived_vector_is_its_views_side_by_side(attribute: str, axes: int | None) -> None:
    network = network_of(calibration_axes=axes)
    own = derivation(network, attribute)
    assert own.needs == tuple(Column("" if view == GENERAL else attribute, view) for view in EXPECTED[attribute])
    assert [section.name for section in own.sections] == list(EXPECTED[attribute])
    assert all(section.unit for section in own.sections) and own.plain == (axes is None)
    raw = raw_of(network, own.needs)
    assert [section.width for section in own.sections] == [part.shape[1] for part in raw]
    found = own.apply(raw)
    parts = [
        part.astype(np.float64) if axes is None else by_hand(network, attribute, view, part)
        for view, part in zip(EXPECTED[attribute], raw, strict=True)
    ]
    assert found.dtype == np.float32 and np.abs(found - np.hstack(parts)).max() < 1e-5


def test_calibration_differs_by_attribute_and_view() -> None:
    network = network_of(calibration_axes=3)
    one, other = derivation(network, "neck"), derivation(network, "lapel design")
    raw = raw_of(network, (Column("", GENERAL),))[0]
    assert np.abs(one.apply([*raw_of(network, one.needs)[:2], raw])[:, 512:] - raw).max() > 0.01
    apart = [own.apply([*raw_of(network, own.needs)[:-1], raw])[:, -raw.shape[1] :] for own in (one, other)]
    assert np.abs(apart[0] - apart[1]).max() > 0.01


@pytest.mark.parametrize("part", ["centre", "reads", "axes"])
@pytest.mark.parametrize("general", [False, True])
def test_the_digest_is_of_the_calibration_that_is_used(part: str, general: bool) -> None:
    network = network_of(calibration_axes=3)
    before = {name: derivation(network, name).digest for name in ATTRIBUTES}
    assert len(set(before.values())) == 3
    calibration = network.general_calibration if general else network.calibration
    getattr(calibration, part)[1, 0, 0] += 0.5  # of "neck", its region or the general view
    after = {name: derivation(network, name).digest for name in ATTRIBUTES}
    assert {name for name in ATTRIBUTES if before[name] != after[name]} == {"neck"}


def test_the_digest_is_not_of_the_mix_but_of_the_views() -> None:
    plain = network_of(calibration_axes=3)
    other = RPF(replace(plain.config, beta=0.8, mixes={"neck": (0.3, 0, 0.2, 0.5), "lapel design": (0, 0.5, 0, 0.5)}))
    other.load_state_dict(plain.state_dict())
    for name in ("color", "neck"):
        assert derivation(other, name).digest == derivation(plain, name).digest
        assert derivation(other, name).mix != derivation(plain, name).mix
    assert derivation(other, "lapel design").digest != derivation(plain, "lapel design").digest


def test_shares_are_repeated_by_width() -> None:
    own = derivation(network_of(), "neck")
    widths = [section.width for section in own.sections]
    expected = [share for share, width in zip((0.1, 0.5, 0.4), widths, strict=True) for _ in range(width)]
    assert repeated(own.sections, own.mix).tolist() == expected


def test_an_unknown_attribute_is_named() -> None:
    with pytest.raises(WeightsError, match=r"'heel'.*lapel design"):
        derivation(network_of(), "heel")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mix": (0.5, 0.5)}, "'mix'.*four shares"),
        ({"mix": (0.5, 0.5, 0.5, 0.0)}, "'mix'.*sum to 1"),
        ({"mixes": {"neck": (1.5, -0.5, 0, 0)}}, "'neck'.*0 to 1"),
        ({"general_trunk": None}, "'neck'.*general view"),
        ({"views": (REGION, CROP)}, "'neck'.*whole view"),
        ({"views": (REGION, WHOLE), "mixes": {"color": (0.5, 0.5, 0, 0)}}, "'color'.*crop view"),
        ({"patch_trunk": None, "mixes": {"neck": (0.5, 0, 0, 0.5)}}, "'neck' cannot be used"),
    ],
)
def test_a_mix_that_cannot_be_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(WeightsError, match=words):
        config_of(**changes)


def test_a_mix_is_an_attributes_own_or_that_of_all_or_beta() -> None:
    config = config_of(mix=(0.2, 0.0, 0.3, 0.5))
    assert config.mix_of("neck") == {REGION: 0.1, WHOLE: 0.5, GENERAL: 0.4}
    assert config.mix_of("color") == {REGION: 0.2, WHOLE: 0.3, GENERAL: 0.5}
    assert config_of(mix=(0.0, 0.0, 0.5, 0.5)).mix_of("color") == {REGION: 0.0, WHOLE: 0.5, GENERAL: 0.5}
    assert config_of(betas={"color": 0.7}).mix_of("color") == {REGION: 0.7, CROP: pytest.approx(0.3)}
    assert config_of(patch_trunk=None, mixes={}).mix_of("color") == {REGION: 1.0}
    assert config_of(method="RPF, patch only", mixes={}).mix_of("color") == {CROP: 1.0}
    assert all(sum(config.mix_of(name).values()) == pytest.approx(1) for name in ATTRIBUTES)
