"""The real network, small and with random weights; a high threshold makes its crops differ."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from torchvision.transforms.functional import pil_to_tensor

from model import CROP, REGION, RPF, WHOLE, Column, Reading
from model.config import CONFIGS, tiny
from model.device import _bfloat16_pays
from retrieval import Embedder, RetrievalError
from retrieval.batches import centre_square

SIDES = (REGION, CROP)
ATTRIBUTES = {"color": ["red"], "neck": ["round", "v"], "lapel design": ["notched"]}
SIZES = [(224, 224), (300, 170), (120, 331), (64, 64), (500, 400)]


@pytest.fixture(scope="module")
def model() -> RPF:
    torch.manual_seed(0)
    return RPF(replace(tiny(ATTRIBUTES), threshold=0.6, beta=0.4, betas={"neck": 0.7})).eval()


@pytest.fixture(scope="module")
def embedder(model: RPF) -> Embedder:
    return Embedder(model, "cpu", batch_size=2, precision="float32")


@pytest.fixture(scope="module")
def images() -> list[Image.Image]:
    """Blobs: low frequencies, so that attention differs from place to place."""
    rng = np.random.default_rng(0)
    return [
        Image.fromarray(rng.integers(0, 256, (6, 5, 3), np.uint8)).resize(size, Image.Resampling.BICUBIC)
        for size in SIZES
    ]


def embed(embedder: Embedder, images, names: list[str] | None = None, progress=None) -> np.ndarray:
    """Raw embeddings of the region and the crop, (images, attributes, 2, D)."""
    names = list(ATTRIBUTES) if names is None else names
    found = embedder.embed(images, [Column(name, view) for name in names for view in SIDES], progress)
    return found.reshape(len(found), len(names), 2, -1)


def cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    a, b = a.astype(np.float64), b.astype(np.float64)
    return (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)


def test_what_it_says_of_the_weights(model: RPF, embedder: Embedder) -> None:
    assert embedder.attributes == list(ATTRIBUTES)
    assert embedder.width(Column("neck", REGION)) == 256
    assert embedder.digest == model.embedding_digest
    assert embedder.weights_digest == model.digest
    mixes = [embedder.derivation(name).mix for name in ATTRIBUTES]
    assert [mix[REGION] for mix in mixes] == [0.4, 0.7, 0.4] and all(tuple(mix) == SIDES for mix in mixes)
    assert embedder.shares("neck") == pytest.approx(np.repeat([0.7, 0.3], 256))


def test_embeddings_are_the_unit_outputs_of_the_network(
    model: RPF, embedder: Embedder, images: list[Image.Image]
) -> None:
    found = embed(embedder, images)
    assert found.shape == (5, 3, 2, 256)
    assert found.dtype == np.float16
    with torch.inference_mode():
        for image, pair in zip(images, found, strict=True):
            output = model([pil_to_tensor(image)], torch.arange(3))
            expected = F.normalize(torch.stack((output.region[0], output.patch[0]), 1), dim=-1)
            assert np.abs(pair.astype(float) - expected.numpy()).max() < 2e-3
    assert np.linalg.norm(found.astype(float), axis=-1) == pytest.approx(1, abs=1e-3)


def test_wanted_attributes_in_the_wanted_order(embedder: Embedder, images: list[Image.Image]) -> None:
    whole = embed(embedder, images[:2])
    some = embed(embedder, images[:2], ["lapel design", "color"])
    assert cosines(some, whole[:, [2, 0]]).min() > 0.9999


def test_images_are_taken_lazily_and_all_of_them(embedder: Embedder, images: list[Image.Image]) -> None:
    done: list[int] = []
    found = embed(embedder, (image for image in images), ["neck"], done.append)
    assert done == [2, 4, 5]
    assert cosines(found, embed(embedder, images[::-1], ["neck"])[::-1]).min() > 0.9999
    assert embedder.embed([], [Column("neck", REGION), Column("color", WHOLE)]).shape == (0, 512)


def test_grey_and_transparent_images_are_embedded_as_rgb(embedder: Embedder, images: list[Image.Image]) -> None:
    grey = images[0].convert("L")
    assert np.array_equal(embed(embedder, [grey], ["neck"]), embed(embedder, [grey.convert("RGB")], ["neck"]))


def test_bfloat16_stays_close_to_float32(model: RPF, embedder: Embedder, images: list[Image.Image]) -> None:
    cheap = Embedder(model, "cpu", precision="bfloat16")
    found, exact = embed(cheap, images), embed(embedder, images)
    assert cosines(found, exact).min() >= 0.999
    assert cosines(found[:, :, 0], exact[:, :, 0]).min() > 0.99999  # the region branch, and so the crops, are float32
    assert not np.array_equal(found[:, :, 1], exact[:, :, 1])
    assert np.array_equal(embed(embedder, images), exact)  # the network itself is as it was


def test_the_trunk_is_bfloat16_too_where_no_crop_hangs_on_it(images: list[Image.Image]) -> None:
    torch.manual_seed(0)
    whole = RPF(replace(tiny(ATTRIBUTES), views=(REGION, WHOLE), mix=(0.4, 0.0, 0.6, 0.0)))
    columns = [Column(name, REGION) for name in ATTRIBUTES]
    found, exact = (Embedder(whole, "cpu", precision=name).embed(images, columns) for name in ("bfloat16", "float32"))
    assert not np.array_equal(found, exact)
    assert cosines(found.reshape(5, 3, 256), exact.reshape(5, 3, 256)).min() > 0.999


def test_shared_crops_are_kept_apart_from_exact_ones(model: RPF, embedder: Embedder) -> None:
    sharing = Embedder(model, "cpu", precision="float32", share_crops=0.7)
    assert sharing.digest != embedder.digest == model.embedding_digest
    assert Embedder(model, "cpu", share_crops=1.0).digest == embedder.digest


def test_several_threads_may_embed_at_once(embedder: Embedder, images: list[Image.Image]) -> None:
    """Each has images and attributes of its own, so that a mix-up between them would be seen."""
    asked = [(images[turn:] + images[:turn], list(ATTRIBUTES)[turn:]) for turn in range(3)]
    expected = [embed(embedder, *each) for each in asked]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda turn: embed(embedder, *asked[turn % 3]), range(9)))
    for turn, embedded in enumerate(found):
        assert cosines(embedded, expected[turn % 3]).min() > 0.9999
    assert cosines(expected[0], expected[0][::-1]).min() < 0.9999


def test_an_error_while_reading_images_is_not_swallowed(embedder: Embedder, images: list[Image.Image]) -> None:
    def failing():
        yield from images[:3]
        raise OSError("disk on fire")

    with pytest.raises(OSError, match="disk on fire"):
        embed(embedder, failing(), ["neck"])


def test_an_explanation_is_what_the_network_saw(model: RPF, embedder: Embedder, images: list[Image.Image]) -> None:
    image = images[1]  # 300 wide, 170 high
    seen = embedder.explain(image, "neck")
    with torch.inference_mode():
        output = model([pil_to_tensor(image)], torch.tensor([1]))
    assert seen.frame == (65, 0, 235, 170)
    assert list(seen.box) == output.boxes[0, 0].tolist()
    assert seen.attention == pytest.approx(output.attention[0, 0].numpy(), abs=1e-6)
    assert seen.patch_attention == pytest.approx(output.patch_attention[0, 0].numpy(), abs=1e-6)
    assert seen.attention.shape == seen.patch_attention.shape == (14, 14)
    assert seen.attention.sum() == pytest.approx(1, abs=1e-4)
    left, top, right, bottom = seen.box
    assert seen.frame[0] <= left < right <= seen.frame[2]
    assert seen.frame[1] <= top < bottom <= seen.frame[3]


def test_a_large_photograph_is_shrunk_and_explained_in_its_own_pixels(
    embedder: Embedder, images: list[Image.Image]
) -> None:
    small = images[4].resize((1280, 1024), Image.Resampling.BICUBIC)
    large = small.resize((2560, 2048), Image.Resampling.BICUBIC)
    assert cosines(embed(embedder, [large]), embed(embedder, [small])).min() > 0.999
    for_small, for_large = embedder.explain(small, "neck"), embedder.explain(large, "neck")
    assert for_large.frame == (256, 0, 2304, 2048)
    assert for_large.box == pytest.approx([2 * edge for edge in for_small.box], abs=2 * 1024 / 224 * 2)


@pytest.mark.parametrize(
    ("size", "expected"), [((7, 7), (0, 0, 7, 7)), ((10, 7), (1, 0, 8, 7)), ((3, 8), (0, 2, 3, 5))]
)
def test_centre_square(size: tuple[int, int], expected: tuple[int, int, int, int]) -> None:
    assert centre_square(*size) == expected


def test_unknown_attributes_and_devices_are_named(model: RPF, embedder: Embedder, images: list[Image.Image]) -> None:
    for ask in (lambda: embed(embedder, images, ["heel"]), lambda: embedder.explain(images[0], "heel")):
        with pytest.raises(RetrievalError, match=r"'heel'.*lapel design"):
            ask()
    with pytest.raises(RetrievalError, match="unknown device 'toaster'"):
        Embedder(model, "toaster")
    if not torch.cuda.is_available():
        with pytest.raises(RetrievalError, match="no cuda device"):
            Embedder(model, "cuda")


def test_damaged_weights_give_an_error_and_no_embedding(images: list[Image.Image]) -> None:
    broken = RPF(tiny(ATTRIBUTES))
    with torch.no_grad():
        broken.attributes.weight[1] = torch.nan
    with pytest.raises(RetrievalError, match="not give finite numbers"):
        embed(Embedder(broken, "cpu"), images[:1], ["neck"])


def test_a_network_without_patch_branch_embeds_and_explains() -> None:
    embedder = Embedder(RPF(CONFIGS["tiny-asen"](ATTRIBUTES)), "cpu")
    image = Image.new("RGB", (240, 300), (200, 30, 30))
    for name in ATTRIBUTES:
        own = embedder.derivation(name)
        assert own.mix == {REGION: 1.0} and own.needs == (Column(name, REGION),)
        embedded = embedder.vectors([image], [name])[name].astype(np.float32)
        assert embedded.shape == (1, 256) and np.linalg.norm(embedded) == pytest.approx(1, abs=2e-3)
    assert embedder.explain(image, embedder.attributes[0]).patch_attention is None


def test_trying_out_bfloat16_disturbs_nothing_and_is_done_once() -> None:
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    _bfloat16_pays.cache_clear()
    answers = {_bfloat16_pays() for _ in range(3)}  # also where the processor has no use for it
    assert torch.equal(torch.rand(3), expected)
    assert len(answers) == 1 and _bfloat16_pays.cache_info().misses == 1
    assert not torch.is_autocast_enabled("cpu")


def reading_of(name: str, *parts: Column) -> Reading:
    """Two values, read from parts that count as much as they stand back."""
    weights = tuple(np.full((256, 2), place + 1, np.float16) for place, _ in enumerate(parts))
    return Reading(
        name, ("a", "b"), parts, tuple(np.zeros(256, np.float16) for _ in parts), weights, {"posterior": 1.0}
    )


def test_taught_attributes_stand_beside_those_of_the_weights(embedder: Embedder, images: list[Image.Image]) -> None:
    parts = Column("color", REGION), Column("lapel design", WHOLE)
    taught = embedder.with_readings([reading_of("fit", *parts), reading_of("neck", *parts)])
    assert embedder.attributes == list(ATTRIBUTES) and taught.attributes == [*ATTRIBUTES, "fit"]
    assert taught.values["neck"] == taught.values["fit"] == ("a", "b") and taught.values["color"] == ("red",)
    assert taught.digest == embedder.digest and taught.derivation("neck").needs == parts
    vectors = taught.vectors(images[:2], ["fit", "color"])
    assert vectors["fit"].shape == (2, 2) and vectors["fit"].sum(1) == pytest.approx(1, abs=1e-3)
    assert np.array_equal(vectors["color"], embedder.vectors(images[:2], ["color"])["color"])
    shown, looked = taught.explain(images[0], "fit"), embedder.explain(images[0], "lapel design")
    assert np.array_equal(shown.attention, looked.attention) and shown.compared == shown.frame
    with pytest.raises(RetrievalError, match=r"do not know the attribute 'heel'.*; taught here: fit, neck$"):
        taught.derivation("heel")
    with pytest.raises(RetrievalError, match="do not know the attribute 'fit'"):
        taught.embed(images[:1], [Column("fit", REGION)])
