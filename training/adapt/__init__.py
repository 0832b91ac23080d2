"""Attributes of a catalog of one's own, learnt on top of trained weights."""

from training.adapt.attribute import bank, build_bank, teach_catalog, teach_given
from training.adapt.choose import UNLABELLED, UNSEEN, Answers, Proposal, propose, random_order, random_sample
from training.adapt.given import Asked, Given
from training.adapt.pairs import Implied, Pair, implied
from training.adapt.quality import Need, Quality, Taught

__all__ = [
    "UNLABELLED",
    "UNSEEN",
    "Answers",
    "Asked",
    "Given",
    "Implied",
    "Need",
    "Pair",
    "Proposal",
    "Quality",
    "Taught",
    "bank",
    "build_bank",
    "implied",
    "propose",
    "random_order",
    "random_sample",
    "teach_catalog",
    "teach_given",
]
