"""Handwritten digits: those that come with the package, and MNIST."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from math import prod
from typing import Any

from rt_torch import _defaults
from rt_torch._file import Path, path_text
from rt_torch._tensor import Tensor
from rt_torch.data.idx import BYTES, Idx, read
from rt_torch.data.octets import looked_up
from rt_torch.errors import ArgumentTypeError, BadArgumentError, FileFormatError
from rt_torch.pure.dtype import FLOATING_DTYPES, canonical
from rt_torch.pure.layout import shape_text
from rt_torch_bindings.arguments import shown

FILES = os.path.join(os.path.dirname(__file__), "files")

_BETWEEN = ("-", ".")  # "images" and "idx3": the dot is in many copies


def digits(*, scale: tuple[float, float] | None = (0.0, 1.0), dtype: str | None = None) -> tuple[Tensor, Tensor]:
    """1,797 handwritten digits in 8 by 8 pixels, from 13 people.

    It is the test set of Alpaydin's and Kaynak's "Optical Recognition of Handwritten Digits" (UCI, 1998, CC BY 4.0).

    Args:
        scale: What white and full ink become, which are 0 and 16 in the file; None leaves these.
        dtype: Of the pixels.

    Returns:
        Pixels of shape [1797, 64], row after row, and the digits, i64 of shape [1797].
    """
    return _pair("rt.data.digits", FILES, "digits", 16, scale, dtype)


def mnist(
    folder: Path, *, train: bool = True, scale: tuple[float, float] | None = (0.0, 1.0), dtype: str | None = None
) -> tuple[Tensor, Tensor]:
    """The MNIST images in 28 by 28 pixels, from files that you have; nothing is downloaded.

    Args:
        folder: Where train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
            t10k-labels-idx1-ubyte are, or those that are needed of them; each may be gzipped, with ".gz" behind its
            name.  Files of the same names and format will do, such as those of Fashion-MNIST.
        train: Whether the 60,000 images to learn from are meant, or the 10,000 to test with.
        scale: What black and white become, which are 0 and 255 in the files; None leaves these.
        dtype: Of the pixels.

    Returns:
        Pixels of shape [n, 784], row after row, and the digits, i64 of shape [n].

    Raises:
        FileNotFoundError: One of the files is not there.
        FileFormatError: One is no IDX file of bytes, or damaged, or they do not go together.
        BadArgumentError: `scale` are no two numbers, or `dtype` is no floating-point dtype.
    """
    name = path_text("rt.data.mnist: argument `folder`", folder)
    return _pair("rt.data.mnist", name, "train" if train else "t10k", 255, scale, dtype)


def _pair(
    symbol: str, folder: str, prefix: str, top: int, scale: tuple[float, float] | None, dtype: str | None
) -> tuple[Tensor, Tensor]:
    table, dtype = _table(symbol, scale, top), _floating(symbol, _defaults.dtype() if dtype is None else dtype)
    images, labels = _found(folder, f"{prefix}-images", "idx3-ubyte"), _found(folder, f"{prefix}-labels", "idx1-ubyte")
    pixels, classes = _bytes(images, 3), _bytes(labels, 1)
    count = pixels.shape[0]
    if classes.shape != (count,):
        counts = f"it has {classes.shape[0]} labels, and {os.path.basename(images)} has {count} images"
        raise FileFormatError(f"{labels}: {counts}")
    held = dtype if dtype in ("f64", "f32") else "f32"
    x = looked_up(pixels.data, table, (count, prod(pixels.shape[1:])), held)
    return x.to(dtype), looked_up(classes.data, range(256), (count,), "i64")


def _table(symbol: str, scale: Any, top: int) -> list[float]:
    """What each pixel becomes."""
    if scale is None:
        return [float(value) for value in range(top + 1)]
    where = f"{symbol}: argument `scale`"
    if not isinstance(scale, Sequence) or len(scale) != 2:
        raise ArgumentTypeError(f"{where}: two numbers, or None, are expected; given {shown(scale)}")
    try:
        low, high = map(float, scale)
    except (TypeError, ValueError):
        raise ArgumentTypeError(f"{where}: two numbers, or None, are expected; given {shown(scale)}") from None
    return [(low * (top - value) + high * value) / top for value in range(top + 1)]


def _floating(symbol: str, dtype: Any) -> str:
    known = canonical(dtype) if isinstance(dtype, str) else None
    if known not in FLOATING_DTYPES:
        wanted = ", ".join(FLOATING_DTYPES)
        raise BadArgumentError(f"{symbol}: argument `dtype`: one of {wanted} is expected; given {shown(dtype)}")
    return known


def _found(folder: str, first: str, second: str) -> str:
    names = [f"{first}{between}{second}{packed}" for between in _BETWEEN for packed in ("", ".gz")]
    for name in names:
        path = os.path.join(folder, name)
        if os.path.exists(path):
            return path
    if not os.path.isdir(folder):
        raise FileNotFoundError(errno.ENOENT, f"There is no such folder, and one with {names[0]} is expected", folder)
    raise FileNotFoundError(errno.ENOENT, f"There is no {names[0]}, and no {names[1]}, in the folder", folder)


def _bytes(path: str, ndim: int) -> Idx:
    idx = read(path)
    if idx.kind != BYTES or len(idx.shape) != ndim:
        wanted = f"and unsigned bytes in {ndim} dimensions are expected"
        raise FileFormatError(
            f"{path}: its elements are of the kind {idx.kind}, its shape is {shape_text(idx.shape)}, {wanted}"
        )
    return idx
