"""Draws the demo catalog: garments with known attributes, from a seed. `python -m atelier --help`."""

from .picture import Picture, render
from .spec import ATTRIBUTES, BACKGROUNDS, Spec, sample

__all__ = ["ATTRIBUTES", "BACKGROUNDS", "Picture", "Spec", "render", "sample"]
