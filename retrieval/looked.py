"""What is shown of where the network looked: one map from both branches, and a close-up of it.

Nothing here changes an embedding or a rank. Chosen on drawn garments, of which the part that an
attribute describes is known (what changes when the garment is drawn again with another value), and
on ties, scarves and necks marked in photographs of the validation split of `street`.
"""

import numpy as np

HELD = 0.85
"""Share of the shown map that a close-up holds."""

LEAST = 3
"""Cells of the side of the smallest close-up; less of a picture is a blur."""


def shown(region: np.ndarray, whole: np.ndarray | None = None) -> np.ndarray:
    """The part that both branches look at: the product of their maps, float32, summing to 1.

    region: (side, side) attention of the region branch over the centre square. whole: attention of
    the patch branch over the same square, with as many cells or fewer; None without a patch branch.
    The region map alone where the two have nothing in common.
    """
    found = np.asarray(region, np.float64)
    if whole is not None:
        rows, columns = (np.arange(side) * count // side for side, count in zip(found.shape, whole.shape, strict=True))
        both = found * np.asarray(whole, np.float64)[rows][:, columns]
        found = both if both.sum() > 0 else found
    return (found / found.sum()).astype(np.float32)


def close_up(attention: np.ndarray, frame: tuple[int, int, int, int], held: float = HELD) -> tuple[int, int, int, int]:
    """The smallest square of whole cells that holds a share of a map, in pixels of the image.

    attention: (side, side), summing to 1, over frame (left, top, right, bottom). Of the squares of
    that size it is the one that holds most, the first of equals.
    """
    side = len(attention)
    total = np.zeros((side + 1, side + 1))
    total[1:, 1:] = np.asarray(attention, np.float64).cumsum(0).cumsum(1)
    cells, top, left = side, 0, 0
    for cells in range(min(LEAST, side), side + 1):
        inside = total[cells:, cells:] - total[:-cells, cells:] - total[cells:, :-cells] + total[:-cells, :-cells]
        top, left = divmod(int(inside.argmax()), inside.shape[1])
        if inside[top, left] >= held * total[-1, -1] - 1e-9:
            break
    scale = ((frame[2] - frame[0]) / side, (frame[3] - frame[1]) / side)
    return (
        frame[0] + round(left * scale[0]),
        frame[1] + round(top * scale[1]),
        frame[0] + round((left + cells) * scale[0]),
        frame[1] + round((top + cells) * scale[1]),
    )
