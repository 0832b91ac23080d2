"""Losses, one a file: embeddings and labels in, a scalar out, computed in float32 at least."""

from model.losses.distance import cosine_distance
from model.losses.e_infonce import e_infonce
from model.losses.precision import in_float32
from model.losses.supcon import ABSENT, supcon
from model.losses.triplet import triplet

__all__ = ["ABSENT", "cosine_distance", "e_infonce", "in_float32", "supcon", "triplet"]
