"""States as JSON, and the tensors in them apart.

None, bools, numbers, texts, lists      themselves
dictionaries with texts for keys        objects
other dictionaries                      {"$items": [[key, value], ...]}
tuples                                  {"$tuple": [...]}
floats that are not finite              {"$float": "nan"}
tensors                                 {"$tensor": "optimizer.state.0.exp_avg"}
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from rt_torch._tensor import Tensor
from rt_torch.errors import ArgumentTypeError, FileFormatError
from rt_torch_bindings.arguments import shown


def packed(value: Any, path: str, tensors: dict[str, Tensor]) -> Any:
    """A value as JSON has it.

    Args:
        value: What a state_dict gave.
        path: Where it is: "optimizer.state.0".
        tensors: Those in it are put there, by their paths.

    Raises:
        ArgumentTypeError: Something in it is of another type.
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else {"$float": str(value)}
    if isinstance(value, Tensor):
        while path in tensors:  # keys with dots lead to the same path
            path += "'"
        tensors[path] = value.detach()
        return {"$tensor": path}
    if isinstance(value, (list, tuple)):
        items = [packed(each, f"{path}.{place}", tensors) for place, each in enumerate(value)]
        return items if isinstance(value, list) else {"$tuple": items}
    if not isinstance(value, Mapping):
        raise ArgumentTypeError(
            f"{path}: a checkpoint keeps numbers, texts, lists, dictionaries and tensors; given {shown(value)}"
        )
    pairs = [(key, packed(each, f"{path}.{key}", tensors)) for key, each in value.items()]
    if all(isinstance(key, str) and not key.startswith("$") for key in value):
        return dict(pairs)
    return {"$items": [[packed(key, f"{path} (a key)", tensors), each] for key, each in pairs]}


def unpacked(value: Any, tensors: Mapping[str, Tensor]) -> Any:
    """What was packed.

    Raises:
        FileFormatError: A tensor is missing, or there is a word that is not known.
    """
    if isinstance(value, list):
        return [unpacked(each, tensors) for each in value]
    if not isinstance(value, dict):
        return value
    tags = [key for key in value if key.startswith("$")]
    if not tags:
        return {key: unpacked(each, tensors) for key, each in value.items()}
    try:
        (tag, content), *others = value.items()
        if not others:
            return _untagged(tag, content, tensors)
    except (TypeError, ValueError, KeyError):
        pass
    raise FileFormatError(f"there is no {shown(value)} that a checkpoint could mean")


def _untagged(tag: str, content: Any, tensors: Mapping[str, Tensor]) -> Any:
    if tag == "$float":
        return float(content)
    if tag == "$tensor":
        return tensors[content]
    if tag == "$tuple":
        return tuple(unpacked(each, tensors) for each in content)
    if tag == "$items":
        return {unpacked(key, tensors): unpacked(each, tensors) for key, each in content}
    raise KeyError(tag)
