"""Why a machine is not measured, or a measurement not drawn."""

from __future__ import annotations

__all__ = ["CalibrationError", "PlotError"]


class CalibrationError(RuntimeError):
    """One of the tiers is not there: nothing can be compared."""


class PlotError(RuntimeError):
    """What draws is not installed."""
