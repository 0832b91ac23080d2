"""Whether attention falls on person and garment, and what moves when only the background changes."""

from eval.foreground.cutouts import Cutout, background, composite

__all__ = ["Cutout", "background", "composite"]
