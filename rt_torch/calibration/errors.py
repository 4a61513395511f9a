"""Why a machine is not measured, or a measurement not drawn."""

from __future__ import annotations

from rt_torch._figure import PlotError as PlotError

__all__ = ["CalibrationError", "PlotError"]


class CalibrationError(RuntimeError):
    """One of the tiers is not there: nothing can be compared."""
