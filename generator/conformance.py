"""The cases of the specs as JSON, for the tests of every language.

JSON has no spelling for NaN and infinities: they are the strings "nan", "inf" and "-inf".  A handle argument always has
`data`, `dtype` and `shape`; what a case does not expect is left out.
"""

from __future__ import annotations

import json
import math
from typing import Any

from generator.abi import Abi
from generator.model import Case, Function, Kind, Library, Param


def conformance(abi: Abi) -> str:
    library = abi.library
    document = {
        "library": library.name,
        "abi": library.abi,
        "functions": [_function(f.function, library) for f in abi.functions if f.function.cases],
    }
    return _layout(document)


def _function(function: Function, library: Library) -> dict[str, Any]:
    results = {result.name: str(result.type) for result in function.signature.results}
    return {
        "symbol": function.symbol,
        "name": function.name,
        "params": [{"name": param.name, "type": str(param.type)} for param in function.signature.params],
        "result": results.get("") or results or "",
        "cases": [_case(case, function, library) for case in function.cases],
    }


def _case(case: Case, function: Function, library: Library) -> dict[str, Any]:
    params = {param.name: param for param in function.signature.params}
    document: dict[str, Any] = {
        "args": {name: _argument(params[name], value, library) for name, value in case.args.items() if name in params}
    }
    if case.gives is not None:
        document["gives"] = _finite(case.gives)
    if case.dtype:
        document["dtype"] = case.dtype
    if case.shape is not None:
        document["shape"] = list(case.shape)
    if case.tolerance:
        document["tolerance"] = case.tolerance
    if case.error:
        document["error"] = case.error
    if case.says:
        document["says"] = case.says
    return document


def _argument(param: Param, value: Any, library: Library) -> Any:
    if param.type.kind is not Kind.HANDLE:
        return _finite(value)
    if param.type.is_list:
        return [_handle(item, library) for item in value]
    return _handle(value, library)


def _handle(value: Any, library: Library) -> dict[str, Any]:
    given = value if isinstance(value, dict) else {"data": value}
    data = given["data"]
    default = library.plain.dtype if library.plain else ""
    filled = {"data": _finite(data), "dtype": given.get("dtype", default), "shape": given.get("shape", _shape(data))}
    return filled | {key: item for key, item in given.items() if key not in filled}


def _shape(data: Any) -> list[int]:
    shape = []
    while isinstance(data, list):
        shape.append(len(data))
        if not data:
            break
        data = data[0]
    return shape


def literal(value: Any) -> str:
    """A value as a case writes it: `[1.0, nan]`, `{ data = [1], dtype = "i64" }`."""
    if isinstance(value, list):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {literal(item)}" for name, item in value.items()) + " }"
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _finite(value: Any) -> Any:
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value


def _layout(document: dict[str, Any]) -> str:
    """One line per case, so that a changed case is one changed line."""
    lines = [
        "{",
        f'  "library": {json.dumps(document["library"])},',
        f'  "abi": {document["abi"]},',
        '  "functions": [',
    ]
    functions = document["functions"]
    for index, function in enumerate(functions):
        head = {key: value for key, value in function.items() if key != "cases"}
        lines.append("    {")
        lines += [f'      "{key}": {json.dumps(value, ensure_ascii=False)},' for key, value in head.items()]
        lines.append('      "cases": [')
        cases = [f"        {json.dumps(case, ensure_ascii=False)}" for case in function["cases"]]
        lines += [case + "," for case in cases[:-1]] + cases[-1:]
        lines += ["      ]", "    }" + ("," if index < len(functions) - 1 else "")]
    return "\n".join([*lines, "  ]", "}", ""])
