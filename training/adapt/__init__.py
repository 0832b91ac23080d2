"""Attributes of a catalog of one's own, learnt on top of trained weights."""

from training.adapt.attribute import bank, build_bank, teach_catalog, teach_given
from training.adapt.choose import UNLABELLED, UNSEEN, Answers, Proposal, propose, random_order, random_sample
from training.adapt.given import Asked, Given
from training.adapt.pairs import Implied, Pair, implied
from training.adapt.proof import STEPS, Draw, Found, Material, draw_curve, left_out, material, steps_of, teachable
from training.adapt.quality import Need, Quality, Taught
from training.errors import TrainingError

__all__ = [
    "STEPS",
    "UNLABELLED",
    "UNSEEN",
    "Answers",
    "Asked",
    "Draw",
    "Found",
    "Given",
    "Implied",
    "Material",
    "Need",
    "Pair",
    "Proposal",
    "Quality",
    "Taught",
    "TrainingError",
    "bank",
    "build_bank",
    "draw_curve",
    "implied",
    "left_out",
    "material",
    "propose",
    "random_order",
    "random_sample",
    "steps_of",
    "teach_catalog",
    "teach_given",
    "teachable",
]
