"""The two digests: of weights as published, and of what embeddings depend on."""

from collections.abc import Callable
from dataclasses import fields, replace

import pytest
import torch
from torch import Tensor

from model import RPF, Config
from model.config import tiny
from model.digests import BY_ATTRIBUTE, WITHOUT_EFFECT, embedding_digest, weights_digest

ATTRIBUTES = {"color": ["blue", "red"], "neck": ["round"], "sleeve": ["long", "short", "none"]}
IMAGES = [torch.randint(0, 256, (3, 90, 70), generator=torch.Generator().manual_seed(1), dtype=torch.uint8)]


def config_of(**changes: object) -> Config:
    attributes = changes.pop("attributes", ATTRIBUTES)
    return replace(tiny(attributes), calibration_axes=2, gate=1.5, **changes)


@pytest.fixture(scope="module")
def network() -> RPF:
    torch.manual_seed(0)
    network = RPF(config_of()).eval()
    for value in network.calibration.buffers():
        value.copy_(torch.randn_like(value) / 20)
    return network


def with_state(network: RPF, config: Config, change: Callable[[str, Tensor], Tensor] = lambda _, value: value) -> RPF:
    """A network of the same shape: the state of `network`, each tensor as `change` gives it."""
    other = RPF(config).eval()
    other.load_state_dict({name: change(name, value) for name, value in network.state_dict().items()})
    return other


def embeddings(network: RPF, names: list[str]) -> Tensor:
    """(2, attribute, D) of one image."""
    wanted = torch.tensor([network.attribute_index(name) for name in names])
    with torch.inference_mode():
        output = network(IMAGES, wanted)
    assert output.patch is not None
    return torch.cat((output.region, output.patch))


@pytest.mark.parametrize(
    "changes",
    [
        {"beta": 0.9},
        {"betas": {"color": 0.1}},
        {"mix": (0.2, 0.8, 0, 0)},
        {"mixes": {"color": (0.2, 0.8, 0, 0)}},
        {"attributes": {"color": ["azul", "rojo"], "neck": [], "sleeve": ["a", "b", "c"]}},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_changes_no_embedding_changes_no_embedding_digest(network: RPF, changes: dict) -> None:
    other = with_state(network, config_of(**changes))
    assert torch.equal(embeddings(other, list(ATTRIBUTES)), embeddings(network, list(ATTRIBUTES)))
    assert other.embedding_digest == network.embedding_digest
    assert other.digest != network.digest


def test_the_order_of_attributes_does_not_matter(network: RPF) -> None:
    order = [2, 0, 1]
    names = [list(ATTRIBUTES)[place] for place in order]

    def turned(name: str, value: Tensor) -> Tensor:
        return value[order] if name.startswith(("attributes.", "calibration.")) else value

    other = with_state(network, config_of(attributes={name: ATTRIBUTES[name] for name in names}), turned)
    assert torch.equal(embeddings(other, names), embeddings(network, names))
    assert other.embedding_digest == network.embedding_digest


def test_a_name_belongs_to_its_row(network: RPF) -> None:
    swapped = {"neck": ["round"], "color": ["blue", "red"], "sleeve": ATTRIBUTES["sleeve"]}
    other = with_state(network, config_of(attributes=swapped))
    assert not torch.equal(embeddings(other, ["color"]), embeddings(network, ["color"]))
    assert other.embedding_digest != network.embedding_digest


def test_every_tensor_counts(network: RPF) -> None:
    """Of each tensor its last values, but for the rows of attributes: to hash all of all of them for each takes 20 s."""
    state = {
        name: value if name.startswith("attributes.") else value.flatten()[-3:]
        for name, value in network.state_dict().items()
    }
    digests = weights_digest(network.config, state), embedding_digest(network.config, state)
    for name in state:
        value = state[name].clone()
        value.flatten()[-1] += 1
        changed = {**state, name: value}
        assert weights_digest(network.config, changed) != digests[0], name
        same = embedding_digest(network.config, changed) == digests[1]
        assert same == name.startswith("calibration."), name


def test_all_of_a_tensor_counts(network: RPF) -> None:
    name, state = "trunk.layer3.1.conv2.weight", network.state_dict()
    for place in (0, state[name].numel() // 2, -1):
        value = state[name].clone()
        value.flatten()[place] += 1
        changed = {**state, name: value}
        assert weights_digest(network.config, changed) != network.digest
        assert embedding_digest(network.config, changed) != network.embedding_digest


@pytest.mark.parametrize("field", [field.name for field in fields(Config)])
def test_every_other_field_counts(network: RPF, field: str) -> None:
    """A field that is added to `Config` counts, until somebody says that it changes no embedding."""
    if field in BY_ATTRIBUTE:
        changed = {
            "attributes": {"colour" if name == "color" else name: [] for name in ATTRIBUTES},
        }[field]
    elif field in ("mix", "mixes"):
        changed = {"mix": (0.2, 0.8, 0, 0), "mixes": {"color": (0.2, 0.8, 0, 0)}}[field]
    else:
        changed = {"another": 1}
    other = embedding_digest(replace(network.config, **{field: changed}), network.state_dict())
    assert (other == network.embedding_digest) == (field in WITHOUT_EFFECT)


def test_a_copy_in_float16_has_the_same_digests(network: RPF) -> None:
    halves = with_state(network, network.config, lambda _, value: value.half())
    assert (halves.digest, halves.embedding_digest) == (network.digest, network.embedding_digest)
