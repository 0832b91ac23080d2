"""A process that opens pictures for another one, which lends it a piece of memory for the pixels.

It imports this package, Pillow and numpy, and no more, so that one starts in a third of a second. `retrieval.reading_processes`
is who starts it.
"""

import json
import os
import signal
import sys
from pathlib import Path

from PIL import Image

from catalog.errors import CatalogError
from catalog.images import open_image


def shrunk_to(image: Image.Image, largest: int) -> Image.Image:
    """RGB, the short side `largest` pixels at most; an image that is so already comes back as it is."""
    image = image if image.mode == "RGB" else image.convert("RGB")
    if min(image.size) > largest:
        width, height = (round(side * largest / min(image.size)) for side in image.size)
        image = image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return image


def serve(memory: int) -> None:
    """Answer each line of stdin by one of stdout, until stdin ends, as it does when whoever asks is gone.

    memory: descriptor of a file. Asked is, as JSON, [path, what errors call the picture, `largest` of `shrunk_to`]. The answer is
    [height, width], and the file then begins with the pixels, uint8 (height, width, 3); or why the picture cannot be read.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks hears of it too, and ends this process
    for line in sys.stdin.buffer:
        sys.stdout.write(json.dumps(_answer(memory, *json.loads(line))) + "\n")
        sys.stdout.flush()


def _answer(memory: int, path: str, name: str, largest: int) -> tuple[int, int] | str:
    try:
        image = shrunk_to(open_image(Path(path), name=name, enough=largest), largest)
        pixels, written = memoryview(image.tobytes()), 0
        os.ftruncate(memory, len(pixels))
        while written < len(pixels):
            written += os.pwrite(memory, pixels[written:], written)
    except (CatalogError, OSError) as error:
        return str(error)
    return image.height, image.width
