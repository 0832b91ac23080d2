"""From images to embeddings: what runs the network over batches on a device."""

import copy
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from model import (
    CROP,
    GENERAL,
    OF_IMAGE,
    RPF,
    Column,
    Derivation,
    DeviceError,
    Reading,
    WeightsError,
    choose_device,
    derivation,
    has_bfloat16,
    repeated,
)
from retrieval.batches import batches, centre_square, in_order, to_tensor
from retrieval.derived import derived_vectors
from retrieval.errors import RetrievalError
from retrieval.executor import PASSES, Placed, answer, several
from retrieval.interfaces import Picture
from retrieval.reading_processes import can_read, cores

READERS = 4
"""Threads, at most, that decode pictures for a GPU; more wait for each other."""
PROCESSES, BESIDE = 16, 2
"""Processes, at most, that decode pictures for a GPU where there are `READERS` cores or more, and cores that they leave to it."""
MANY, FEW = 128, 64
"""Images a pass on a GPU: where each takes one pass of the ViT, and where its crops take more."""


@dataclass(frozen=True)
class Explanation:
    """Where the network looked for one attribute of one image; boxes are (left, top, right, bottom) in its pixels.

    attention: float32 (14, 14) over `frame`, the centre square that the region branch saw. box: the crop of that
    attention. patch_attention: float32 (14, 14) over `compared`, what the patch branch saw, the box or the frame; None
    without a patch branch. Each map sums to 1.
    """

    attention: np.ndarray
    frame: tuple[int, int, int, int]
    patch_attention: np.ndarray | None
    box: tuple[int, int, int, int]
    compared: tuple[int, int, int, int]


class Embedder:
    """RPF, or one of `model.baselines`, on a device. Safe to use from several threads.

    Taught attributes (`with_readings`) stand beside those of the weights; one of the same name stands in its place.
    """

    def __init__(
        self,
        model: RPF,
        device: str = "auto",
        batch_size: int | None = None,
        precision: str = "auto",
        share_crops: float | None = None,
    ) -> None:
        """Move `model` to a device, in evaluation mode.

        device: auto (cuda, mps, cpu, in this order) or a name that torch knows. batch_size: images a pass; None: what
        suits the device. precision: float32; bfloat16 (the ViTs, and on a processor the trunk of weights without crops, so
        that crop boxes stay those of float32); half (on a GPU the region trunk too, in float16); or auto, which is float32
        where bfloat16 is not faster, half on a GPU, else bfloat16. share_crops: in place of that of the weights (`Config`);
        what is embedded is then of another digest. RetrievalError when the device is not there.
        """
        try:
            self.device = choose_device(device)
        except DeviceError as error:
            raise RetrievalError(str(error)) from error
        model = model if share_crops is None else model.sharing(share_crops)
        self.model = model.eval().to(self.device).to(memory_format=torch.channels_last)
        on_gpu = self.device.type == "cuda"
        self.batch_size = batch_size or (MANY if on_gpu else 16)
        self.readers = min(READERS, cores()) if on_gpu else 1
        self.processes = min(PROCESSES, cores() - BESIDE) if on_gpu and cores() >= READERS and can_read() else 0
        self._chosen = batch_size is not None
        self.digest = model.embedding_digest
        cheap = "half" if on_gpu else "bfloat16"
        self.precision = (cheap if has_bfloat16(self.device) else "float32") if precision == "auto" else precision
        self.readings: dict[str, Reading] = {}
        self._derivations: dict[str, Derivation] = {}
        self._placed = Placed(self.model, self.device, self.precision)

    @property
    def attributes(self) -> list[str]:
        return list(self.values)

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """The values that each attribute was learnt from, in order."""
        known = {name: tuple(values) for name, values in self.model.config.attributes.items()}
        return known | {name: reading.values for name, reading in self.readings.items()}

    def with_readings(self, readings: Iterable[Reading]) -> "Embedder":
        """The same network, which also knows attributes that were taught with it."""
        found = copy.copy(self)
        found.readings = self.readings | {reading.name: reading for reading in readings}
        found._derivations = {}
        return found

    @property
    def network(self) -> RPF:
        """The network as it runs, in the precision of this embedder."""
        return self._placed.run

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

    def derivation(self, attribute: str) -> Derivation:
        """How an attribute's vectors are derived from raw columns; RetrievalError for an unknown attribute."""
        if attribute not in self._derivations:
            self.check([attribute])
            self._derivations[attribute] = self.readings.get(attribute) or derivation(self.model, attribute)
        return self._derivations[attribute]

    def shares(self, attribute: str) -> np.ndarray:
        """Share of each number of an attribute's derived vectors in its score, (width,)."""
        own = self.derivation(attribute)
        return repeated(own.sections, own.mix)

    def width(self, column: Column) -> int:
        return self.model.general_width if column.view == GENERAL else self.model.config.dim

    def images_a_pass(self, columns: Iterable[Column]) -> int:
        """How many images are embedded at once: `batch_size`, on a GPU fewer where the ViT sees crops of them."""
        several = not self._chosen and any(column.view == CROP for column in columns)
        return min(FEW, self.batch_size) if several else self.batch_size

    def check(self, attributes: Iterable[str]) -> None:
        """RetrievalError, naming the known ones, for an attribute that neither the weights nor a reading know."""
        try:
            self._check_known(name for name in attributes if name not in self.readings)
        except RetrievalError as error:
            taught = f"; taught here: {', '.join(self.readings)}" if self.readings else ""
            raise RetrievalError(f"{error}{taught}") from error

    def embed(
        self,
        images: Iterable[Picture],
        columns: Sequence[Column],
        progress: Callable[[int], None] | None = None,
    ) -> np.ndarray:
        """Raw unit embeddings float16 (images, sum of widths), the columns side by side; views that no column names are
        not computed.

        images: a sequence of one batch at most is taken for pictures that somebody waits for (`executor.answer`).
        progress: called after each batch with the number of images done. RetrievalError for an unknown attribute, or when
        the network does not give finite numbers.
        """
        self._check_known(column.attribute for column in columns if column.view not in OF_IMAGE)
        index = {name: place for place, name in enumerate(self.model.config.attributes)}
        wanted = [(index.get(attribute, 0), view) for attribute, view in columns]
        size = self.images_a_pass(columns)
        waited_for = isinstance(images, Sequence) and len(images) <= size
        run = answer if waited_for else several
        at_once = PASSES if self.device.type == "cuda" and not waited_for else 1
        parts = [np.empty((0, sum(map(self.width, columns))), np.float16)]
        done = 0
        # each is closed here, whatever is raised: left to the collector of garbage, its threads would be joined at any moment
        with (
            closing(batches(images, size)) as read,
            closing(in_order(lambda batch: run(self._placed, batch, wanted), read, at_once)) as found,
        ):
            for rows in found:
                parts.append(rows)
                done += len(rows)
                if progress is not None:
                    progress(done)
        return np.concatenate(parts)

    def vectors(
        self,
        images: Iterable[Image.Image],
        attributes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> dict[str, np.ndarray]:
        """Derived vectors float16 (images, width) of each attribute (None: all), as a search has them; see `embed`."""
        return derived_vectors(self, images, self.attributes if attributes is None else list(attributes), progress)

    def explain(self, image: Image.Image, attribute: str) -> Explanation:
        """Attention of both branches for one attribute of one image: the patch branch's over the crop where the
        attribute is compared by it, else over the whole square. Of a taught one that of the attribute of the weights that
        it is read from most. RetrievalError for an unknown attribute, and for one read from the general view alone."""
        wanted, model = self._indices([self._looked_for(attribute)]), self.model
        with torch.inference_mode():
            tensor = to_tensor(image)
            images = [tensor.to(self.device)]
            frames = model.frames(images)
            features = model.features(frames)
            attention = model.regions(features, wanted)[2]
            seen, cropped = None, CROP in self.derivation(attribute).mix
            boxes = model.compared_boxes(images, features, wanted) if cropped else model.boxes(images, attention)
            if cropped:
                seen = model.cropped(images, boxes, wanted)[1]
            elif model.config.patch_trunk is not None:
                seen = model.squares(frames, wanted)[1]
        whole = centre_square(*image.size)
        scale = min(image.size) / min(tensor.shape[1:])
        left, top, right, bottom = (round(scale * edge) for edge in boxes[0, 0].tolist())
        return Explanation(
            attention=attention[0, 0].float().cpu().numpy(),
            frame=whole,
            patch_attention=None if seen is None else seen[0, 0].float().cpu().numpy(),
            box=(left, top, right, bottom),
            compared=(left, top, right, bottom) if cropped else whole,
        )

    def _looked_for(self, attribute: str) -> str:
        """The attribute of the weights whose attention stands for one."""
        reading = self.readings.get(attribute)
        if reading is None or reading.own is not None:
            return attribute
        found = reading.read_from
        if found is None:
            raise RetrievalError(f"'{attribute}' is read from the picture as a whole; there is no part to show")
        return found

    def _check_known(self, names: Iterable[str]) -> None:
        """RetrievalError for an attribute that the weights do not know, whatever was taught."""
        try:
            for name in names:
                self.model.attribute_index(name)
        except WeightsError as error:
            raise RetrievalError(str(error)) from error

    def _indices(self, names: Sequence[str]) -> Tensor:
        self._check_known(names)
        return torch.tensor([self.model.attribute_index(name) for name in names], dtype=torch.int64, device=self.device)
