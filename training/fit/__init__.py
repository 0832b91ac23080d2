"""One training run: two stages of steps, checkpoints, validation; and the same weights calibrated anew."""

from training.fit.plan import Plan
from training.fit.recalibrate import Recalibration, recalibrate
from training.fit.run import Extras, fit
from training.fit.team import leave

__all__ = ["Extras", "Plan", "Recalibration", "fit", "leave", "recalibrate"]
