"""Losses, one a file: embeddings and labels in, a scalar out."""

from model.losses.e_infonce import e_infonce
from model.losses.supcon import ABSENT, supcon
from model.losses.triplet import triplet

__all__ = ["ABSENT", "e_infonce", "supcon", "triplet"]
