"""Which tier computes: the policy.  It knows costs and counts; it computes nothing, and imports neither tier.

    set_acceleration("auto"), with acceleration("native"):    how the tier is chosen: AccelMode
    set_ffi_available, is_ffi_available                       whether native can be used
    should_use_ffi, set_threshold, get_threshold              numbers of elements above which a call is native
    use_profile, current_profile                              the costs that AUTO predicts by
    get_stats, get_transfers, print_stats, reset_stats        what ran where, and what was moved
    enable_logging                                            a line for each decision

For whoever dispatches calls: `rt_torch.accel.policy` decides, `statistics` counts, `log` says it, `availability` is
told how to find native, `functions` which functions there are.
"""

from __future__ import annotations

from rt_torch.accel.availability import is_ffi_available, set_detection, set_ffi_available
from rt_torch.accel.log import enable_logging
from rt_torch.accel.mode import AccelMode, acceleration, get_current_mode, set_acceleration
from rt_torch.accel.policy import (
    NEVER_ELEMENTS,
    Decision,
    decide,
    get_threshold,
    limits,
    predict,
    preview,
    saved_seconds,
    should_use_ffi,
    subscribe,
    without_shortcuts,
)
from rt_torch.accel.profile import Profile, ProfileError, calibrated_path, current_profile, use_profile
from rt_torch.accel.statistics import (
    Stats,
    Transfers,
    count_native,
    count_pure,
    get_stats,
    get_transfers,
    print_stats,
    record_ffi,
    record_ffi_fallback,
    record_pure,
    record_transfer,
    reset_stats,
)
from rt_torch.accel.threshold import NEVER, reset_thresholds, set_threshold

__all__ = [
    "NEVER",
    "NEVER_ELEMENTS",
    "AccelMode",
    "Decision",
    "Profile",
    "ProfileError",
    "Stats",
    "Transfers",
    "acceleration",
    "calibrated_path",
    "count_native",
    "count_pure",
    "current_profile",
    "decide",
    "enable_logging",
    "get_current_mode",
    "get_stats",
    "get_threshold",
    "get_transfers",
    "is_ffi_available",
    "limits",
    "predict",
    "preview",
    "print_stats",
    "record_ffi",
    "record_ffi_fallback",
    "record_pure",
    "record_transfer",
    "reset_stats",
    "reset_thresholds",
    "saved_seconds",
    "set_acceleration",
    "set_detection",
    "set_ffi_available",
    "set_threshold",
    "should_use_ffi",
    "subscribe",
    "use_profile",
    "without_shortcuts",
]
