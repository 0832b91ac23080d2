"""From images to embeddings: what runs the network over batches on a device."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from model import RPF, DeviceError, WeightsError, choose_device, has_bfloat16
from retrieval.batches import batches, centre_square, to_tensor
from retrieval.errors import RetrievalError
from retrieval.executor import Placed, answer, pairs


@dataclass(frozen=True)
class Explanation:
    """Where the network looked for one attribute of one image; boxes are (left, top, right, bottom) in its pixels.

    attention: float32 (14, 14) over `frame`, the centre square that the region branch saw. patch_attention: float32
    (14, 14) over `box`, the crop that the patch branch saw; None without a patch branch. Each map sums to 1.
    """

    attention: np.ndarray
    frame: tuple[int, int, int, int]
    patch_attention: np.ndarray | None
    box: tuple[int, int, int, int]


class Embedder:
    """RPF, or one of `model.baselines`, on a device. Safe to use from several threads."""

    def __init__(
        self, model: RPF, device: str = "auto", batch_size: int | None = None, precision: str = "auto"
    ) -> None:
        """Move `model` to a device, in evaluation mode.

        device: auto (cuda, mps, cpu, in this order) or a name that torch knows. batch_size: images a pass; None: what
        suits the device. precision: float32, bfloat16 (the ViT only, so that the crop boxes stay those of float32),
        or auto, which is bfloat16 where that is faster. RetrievalError when the device is not there.
        """
        try:
            self.device = choose_device(device)
        except DeviceError as error:
            raise RetrievalError(str(error)) from error
        self.model = model.eval().to(self.device).to(memory_format=torch.channels_last)
        self.batch_size = batch_size or (32 if self.device.type == "cuda" else 4)
        self.digest = model.embedding_digest
        self.precision = ("bfloat16" if has_bfloat16(self.device) else "float32") if precision == "auto" else precision
        self._placed = Placed(self.model, self.device, self.precision)

    @property
    def attributes(self) -> list[str]:
        return list(self.model.config.attributes)

    @property
    def network(self) -> RPF:
        """The network as it runs, in the precision of this embedder."""
        return self._placed.run

    @property
    def dim(self) -> int:
        return self.model.config.dim

    @property
    def weights_digest(self) -> str:
        """SHA-256 (hex) of the weights, for reports; `digest` is of what the embeddings depend on."""
        return self.model.digest

    @property
    def method(self) -> str:
        return self.model.config.method

    @property
    def only(self) -> int | None:
        """The one embedding of each pair that is there, 0 region or 1 patch; None for both."""
        return self.model.config.only

    def beta_of(self, attribute: str) -> float:
        return self.model.config.beta_of(attribute)

    def check(self, attributes: Iterable[str]) -> None:
        """RetrievalError, naming the known ones, for an attribute that the weights do not know."""
        try:
            for name in attributes:
                self.model.attribute_index(name)
        except WeightsError as error:
            raise RetrievalError(str(error)) from error

    def embed(
        self,
        images: Iterable[Image.Image],
        attributes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> np.ndarray:
        """Unit embeddings float16 (images, attributes, 2, D): [:, :, 0] = r/|r|, [:, :, 1] = p/|p| (zeros without a
        patch branch).

        images: a sequence of one batch at most is taken for pictures that somebody waits for (`executor.answer`).
        attributes: the wanted ones, in the order of the result (None: all that the weights know). progress: called
        after each batch with the number of images done. RetrievalError for an unknown attribute, or when the network
        does not give finite numbers.
        """
        names = self.attributes if attributes is None else list(attributes)
        self.check(names)
        wanted = [self.model.attribute_index(name) for name in names]
        run = answer if isinstance(images, Sequence) and len(images) <= self.batch_size else pairs
        parts = [np.empty((0, len(names), 2, self.dim), np.float16)]
        done = 0
        for batch in batches(images, self.batch_size):
            parts.append(run(self._placed, batch, wanted))
            done += len(batch)
            if progress is not None:
                progress(done)
        return np.concatenate(parts)

    def explain(self, image: Image.Image, attribute: str) -> Explanation:
        """Attention of both branches for one attribute of one image; RetrievalError for an unknown attribute."""
        wanted = self._indices([attribute])
        with torch.inference_mode():
            tensor = to_tensor(image)
            output = self.model([tensor.to(self.device)], wanted)
        seen = output.patch_attention
        scale = min(image.size) / min(tensor.shape[1:])
        left, top, right, bottom = (round(scale * edge) for edge in output.boxes[0, 0].tolist())
        return Explanation(
            attention=output.attention[0, 0].float().cpu().numpy(),
            frame=centre_square(*image.size),
            patch_attention=None if seen is None else seen[0, 0].float().cpu().numpy(),
            box=(left, top, right, bottom),
        )

    def _indices(self, names: Sequence[str]) -> Tensor:
        self.check(names)
        return torch.tensor([self.model.attribute_index(name) for name in names], dtype=torch.int64, device=self.device)
