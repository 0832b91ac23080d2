"""How each attribute would be used, by what was measured: as it is, or taught by how many labels."""

from dataclasses import dataclass

from eval import Interval
from library.poc.sheet import Curve, Gain, Sheet


@dataclass(frozen=True)
class Chosen:
    """How an attribute would be used.

    taught: whether by own labels. labels: how many these are, 0 for none; all that the figures were taught with unless the
    curve says that fewer are enough. decided: whether it tells. p12: percent; gain: over ordinary similarity.
    """

    attribute: str
    taught: bool
    labels: int
    decided: bool
    p12: float
    similar: float
    gain: Interval


def choices(sheet: Sheet) -> tuple[Chosen, ...]:
    """How each attribute would be used: by own labels where the weights do not know it, or where teaching is better, decided by
    its interval; else as the weights have it, without any label."""
    curves = {one.attribute: one for one in sheet.curves}
    return tuple(_choice(gain, curves.get(gain.attribute)) for gain in sheet.gains)


def _choice(gain: Gain, curve: Curve | None) -> Chosen:
    better = gain.taught is None or gain.taught.p12.low > 0
    if gain.after is not None and gain.after_gain is not None and (gain.before is None or better):
        labels, decided = gain.labels, False
        if curve is not None and curve.least is not None:
            decided = True
            if curve.least != curve.steps[-1].n:
                labels = next(step.labels for step in curve.steps if step.n == curve.least)
        return Chosen(gain.attribute, True, labels, decided, gain.after.p12, gain.similar.p12, gain.after_gain.p12)
    if gain.before is None or gain.before_gain is None:
        raise ValueError(f"'{gain.attribute}' has no figures")
    return Chosen(gain.attribute, False, 0, True, gain.before.p12, gain.similar.p12, gain.before_gain.p12)
