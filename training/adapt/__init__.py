"""Attributes of a catalog of one's own, learnt on top of trained weights."""
