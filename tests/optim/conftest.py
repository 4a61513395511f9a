"""What the tests of optimizers stand on."""

from __future__ import annotations

from tests.nn.conftest import no_handle_left, settled, tier, torch

__all__ = ["no_handle_left", "settled", "tier", "torch"]  # fixtures
