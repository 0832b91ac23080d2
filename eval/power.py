"""How many queries would decide a difference that is not decided yet."""

from statistics import NormalDist

import numpy as np

POWER = 0.8
ALPHA = 0.05
_NORMAL = NormalDist()


def needed(points: float, error: float, queries: int, margin: float, compared: int = 1) -> int | None:
    """About how many queries decide, with power 80 %, rounded up to two digits; None where nothing
    can be said.

    points: the difference now, error: its standard error, margin: up to which a difference counts
    as none, all in percentage points; queries: that this was measured on; compared: how many
    attributes are compared at once. The true difference is taken to be the one that is seen.

    For better or worse: n (z_a + z_b)² error² / points². For level: the same with margin - |points|
    below, where that is above 0. The smaller of both. z_a is of the two-sided error level 5 % (for
    better or worse divided by the number compared), z_b of the power (S. Julious, Sample sizes for
    clinical trials with normal data, Statistics in Medicine 23, 2004: superiority of paired means,
    and equivalence with a true difference that is not 0, both in the normal approximation). Where
    all queries agree there is no variance: as many as would put level, all agreeing again, into the
    margin (of 100 points) by score (`resampling`), n = 100 z_a / margin - 2.
    """
    if not np.isfinite(error):
        return None
    if error <= 0:
        return _two_digits(100 * _NORMAL.inv_cdf(1 - ALPHA / 2) / margin - 2) if abs(points) < margin else None
    power = _NORMAL.inv_cdf(POWER)
    sizes = []
    if points:
        sizes.append(queries * ((_NORMAL.inv_cdf(1 - ALPHA / 2 / compared) + power) * error / points) ** 2)
    if abs(points) < margin:
        sizes.append(queries * ((_NORMAL.inv_cdf(1 - ALPHA / 2) + power) * error / (margin - abs(points))) ** 2)
    return _two_digits(min(sizes)) if sizes else None


def _two_digits(number: float) -> int:
    whole = int(np.ceil(number))
    unit = 10 ** max(0, len(str(whole)) - 2)
    return int(-(-whole // unit) * unit)
