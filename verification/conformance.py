"""The conformance cases on one library and one libtorch, through the generated bindings and every loader that works.

`python -m verification.conformance LIBRARY LIBTORCH CASES` prints one line of JSON: how many cases passed through each
loader, what failed, which functions this libtorch cannot serve, and whether wrapping memory copies it.
"""

from __future__ import annotations

import importlib
import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_READERS = {"f64": "to_data_f64", "f32": "to_data_f32", "i64": "to_data_i64", "bool": "to_data_bool"}
_WRITERS = {"f64": "from_data_f64", "f32": "from_data_f32", "i64": "from_data_i64", "bool": "from_data_bool"}
_PLAIN = "f64"  # other dtypes are written and read through this one
_NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class Mismatch(Exception):
    """A case gave something else than it should; the text says what."""


@dataclass(frozen=True)
class Outcome:
    symbol: str  # "rt_torch_add"
    title: str  # "rt_torch_add, case 1"
    shown: str  # "[11.0, 22.0]": what came out
    problem: str  # "" when the case passed


class Conformance:
    def __init__(self, functions: Any, document: dict[str, Any]) -> None:
        self.f = functions  # the typed functions, over some loader
        self.document = document

    def cases(self) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
        for function in self.document["functions"]:
            for number, case in enumerate(function["cases"], 1):
                yield f"{function['symbol']}, case {number}", function, case

    def outcomes(self) -> Iterator[Outcome]:
        for title, function, case in self.cases():
            before = self.f.live_handles()
            try:
                shown = self.run(function, case)
                if self.f.live_handles() != before:
                    raise Mismatch(f"left {self.f.live_handles() - before} handles behind")
                yield Outcome(function["symbol"], title, shown, "")
            except Exception as error:
                kind = "" if isinstance(error, Mismatch) else f"{type(error).__name__}: "
                yield Outcome(function["symbol"], title, "", f"{kind}{error}")

    def failures(self) -> tuple[int, list[str]]:
        """How many cases passed, and what is wrong with the others."""
        outcomes = list(self.outcomes())
        failures = [f"{outcome.title}: {outcome.problem}" for outcome in outcomes if outcome.problem]
        return len(outcomes) - len(failures), failures

    def run(self, function: dict[str, Any], case: dict[str, Any]) -> str:
        """What came out, as text; Mismatch when it is not what the case says."""
        handles: list[int] = []
        try:
            arguments = [self.argument(param, case["args"], handles) for param in function["params"]]
            if "error" in case:
                return self.expect_error(function, case, arguments, handles)
            result = getattr(self.f, function["name"])(*arguments)
            if function["name"] == "free":
                handles.clear()
            return self.expect(function["result"], case, result, handles)
        finally:
            for handle in handles:
                self.f.free(handle)

    def argument(self, param: dict[str, str], given: dict[str, Any], handles: list[int]) -> Any:
        if param["name"] not in given:
            return None
        value = given[param["name"]]
        if param["type"] == "[tensor]":
            return [self.tensor(each, handles) for each in value]
        if param["type"].rstrip("?") == "tensor":
            return self.tensor(value, handles)
        return finite(value)

    def tensor(self, value: dict[str, Any], handles: list[int]) -> int:
        """A handle with the data, dtype, shape and layout that a case describes."""
        if unknown := value.keys() - {"data", "dtype", "shape", "transpose"}:
            raise Mismatch(f"no way to make a tensor with {', '.join(sorted(unknown))}")
        dtype = value["dtype"]
        write = getattr(self.f, _WRITERS.get(dtype, _WRITERS[_PLAIN]))
        handles.append(write(list(flat(finite(value["data"]))), value["shape"]))
        if dtype not in _WRITERS:
            handles.append(self.f.to_dtype(handles[-1], dtype))
        if "transpose" in value:
            handles.append(self.f.transpose(handles[-1], *value["transpose"]))
        return handles[-1]

    def expect_error(
        self, function: dict[str, Any], case: dict[str, Any], arguments: Sequence[Any], handles: list[int]
    ) -> str:
        try:
            result = getattr(self.f, function["name"])(*arguments)
        except RuntimeError as error:
            name = getattr(error, "name", "")
            if name != case["error"]:
                raise Mismatch(f"failed with {name!r} ({error}), expected {case['error']!r}") from None
            if case.get("says", "") not in str(error):
                raise Mismatch(f"says {str(error)!r}, expected to find {case['says']!r} in it") from None
            return str(error)
        if function["result"] == "tensor":
            handles.append(result)
        raise Mismatch(f"gave {result!r}, expected the error {case['error']!r}")

    def expect(self, type_: Any, case: dict[str, Any], result: Any, handles: list[int]) -> str:
        if type_ == "tensor":
            handles.append(result)
            dtype, shape, result = self.read(result, handles)
            same("dtype", dtype, case.get("dtype", dtype))
            same("shape", list(shape), case.get("shape", list(shape)))
        elif isinstance(type_, dict) and "tensor" in type_.values():
            result = self.read_several(type_, case, result, handles)
        if "gives" in case:
            gives = finite(case["gives"])
            actual = list(result) if isinstance(gives, list) and not isinstance(result, list) else result
            if not close(actual, gives, case.get("tolerance", 0.0)):
                raise Mismatch(f"gave {actual!r}, expected {gives!r}")
        return repr(result)

    def read_several(
        self, types: dict[str, str], case: dict[str, Any], results: Sequence[int], handles: list[int]
    ) -> dict[str, Any]:
        """The elements of each result, all of which have the dtype and the shape of the case."""
        found = {}
        for name, result in zip(types, results, strict=True):
            handles.append(result)
            dtype, shape, found[name] = self.read(result, handles)
            same(f"dtype of {name}", dtype, case.get("dtype", dtype))
            same(f"shape of {name}", list(shape), case.get("shape", list(shape)))
        return found

    def read(self, handle: int, handles: list[int]) -> tuple[str, list[int], Any]:
        """Dtype, shape and nested elements of a result."""
        dtype, shape = self.f.dtype(handle), list(self.f.shape(handle))
        if dtype not in _READERS:
            handle = self.f.to_dtype(handle, _PLAIN)
            handles.append(handle)
        elements = list(getattr(self.f, _READERS.get(dtype, _READERS[_PLAIN]))(handle))
        if dtype == "bool":
            elements = [bool(element) for element in elements]
        return dtype, shape, nest(elements, shape)

    def unavailable(self, symbols: Sequence[str]) -> list[str]:
        return [symbol for symbol in symbols if not self.f.function_available(symbol)]


def same(what: str, actual: Any, expected: Any) -> None:
    if actual != expected:
        raise Mismatch(f"the {what} is {actual!r}, expected {expected!r}")


def finite(value: Any) -> Any:
    """JSON has no NaN and no infinities: they come as texts."""
    if isinstance(value, list):
        return [finite(item) for item in value]
    if isinstance(value, dict):
        return {name: finite(item) for name, item in value.items()}
    return _NOT_FINITE.get(value, value) if isinstance(value, str) else value


def flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from flat(item)
    else:
        yield value


def nest(elements: list[Any], shape: Sequence[int]) -> Any:
    """Elements in row-major order as nested lists; a tensor without elements is `[]`."""
    if not shape:
        return elements[0]
    if not elements:
        return []
    step = len(elements) // shape[0]
    return [nest(elements[start : start + step], shape[1:]) for start in range(0, len(elements), step)]


def close(actual: Any, expected: Any, tolerance: float) -> bool:
    if isinstance(expected, dict):
        return actual.keys() == expected.keys() and all(
            close(actual[name], each, tolerance) for name, each in expected.items()
        )
    if isinstance(expected, list):
        if not isinstance(actual, list) or len(actual) != len(expected):
            return False
        return all(close(one, other, tolerance) for one, other in zip(actual, expected, strict=True))
    if isinstance(expected, float) and isinstance(actual, (int, float)):
        if math.isnan(expected):
            return math.isnan(actual)
        return actual == expected or math.isclose(actual, expected, rel_tol=tolerance)
    return bool(actual == expected)


def main(library: str, libtorch: str, cases: str) -> int:
    functions = importlib.import_module("rt_torch_bindings.functions")
    names = importlib.import_module("rt_torch_bindings.raw").NAMES
    loader = importlib.import_module("rt_torch.loader")
    document = json.loads(Path(cases).read_text())
    passed: dict[str, int] = {}
    failures: list[str] = []
    for choice in loader.choices():
        if choice.problem:
            continue
        bound = functions.bind(loader.open_library(choice.name, library))
        bound.load(libtorch)
        passed[choice.name], wrong = Conformance(bound, document).failures()
        failures += [f"{choice.name}: {failure}" for failure in wrong]
    answer = {
        "version": bound.version(),
        "passed": passed,
        "failures": failures,
        "unavailable": Conformance(bound, document).unavailable(list(names.values())),
        "copies": bound.wrap_copies(),
        "left_out": {choice.name: choice.problem for choice in loader.choices() if choice.problem},
    }
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
