"""Plain data in and out, computed by libtorch; every handle is freed on every path."""

from __future__ import annotations

import rt_torch.native  # noqa: F401  (it tells the functions how to find the C library)
from rt_torch_bindings.torch_ffi import *  # noqa: F403  (every name of it)
