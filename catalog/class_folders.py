"""Folders without a table: the split and the labels of an image by the folders that it lies in."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from catalog.assembly import Entry, Gathered
from catalog.notes import Note, few
from catalog.vocabulary import split_of

LABEL = "label"
"""The attribute that the innermost folders give, as the Hub's ImageFolder calls it."""


def entries_of_folders(images: Sequence[str]) -> Gathered:
    """An entry for each image: `train/men/red/a.jpg` is of the split train, and has the labels men and red.

    The folders below that of the split are labels where they lie equally deep, each level an attribute
    if it has more than one folder; images beside them have none. images: paths below the catalog,
    which are the ids too.
    """
    splits = {image: split_of(image) for image in images}
    below = {image: PurePosixPath(image).parts[place:-1] for image, (place, _) in splits.items()}
    depths = {len(folders) for folders in below.values()} - {0}
    levels = _levels([folders for folders in below.values() if folders]) if len(depths) == 1 else {}
    entries = [
        Entry("", number, image, (image,), splits[image][1], _labels(below[image], levels))
        for number, image in enumerate(images, 1)
    ]
    out = Gathered(entries, list(levels))
    if levels:
        said = (f"'{name}' ({few(folders, 3)})" for name, (_, folders) in levels.items())
        out.notes.append(Note("folders", {"attributes": ", ".join(said)}))
    elif len(depths) > 1:
        folders = dict.fromkeys("/".join(folders) for folders in below.values() if folders)
        out.notes.append(Note("folders-mixed", {"folders": few(folders, 5)}))
    named = {split for _, split in splits.values() if split}
    if named:
        out.notes.append(Note("split-folders", {"splits": few(sorted(named))}))
    return out


def _levels(folders: Sequence[Sequence[str]]) -> dict[str, tuple[int, list[str]]]:
    """Attribute → its level and the folders there, for each level with more than one."""
    depth = len(folders[0])
    levels = {}
    for level in range(depth):
        found = sorted({parts[level] for parts in folders})
        if len(found) > 1:
            levels[LABEL if level == depth - 1 else f"folder {level + 1}"] = (level, found)
    return levels


def _labels(folders: Sequence[str], levels: dict[str, tuple[int, list[str]]]) -> dict[str, str]:
    return {name: folders[level] if folders else "" for name, (level, _) in levels.items()}
