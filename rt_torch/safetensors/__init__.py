"""Tensors in files of the safetensors format, as the library of that name has them.

    save_file, load_file   tensors by name, to a file and back
    safe_open              some of a file's tensors, or its metadata
    save, load             the same with bytes

Format: https://github.com/huggingface/safetensors.  A file is data only: reading one runs nothing, whoever wrote it.
"""

from __future__ import annotations

from rt_torch.safetensors.reading import Reader, load, load_file, safe_open
from rt_torch.safetensors.writing import save, save_file

__all__ = ["Reader", "load", "load_file", "safe_open", "save", "save_file"]
