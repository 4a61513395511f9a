"""Cases: known answers, checked against the signature."""

from __future__ import annotations

from math import prod
from typing import Any

from generator.diagnostics import did_you_mean
from generator.model import Case, Kind, Param, Signature, Type
from generator.spec_library import Vocabulary, error_codes
from generator.table import Table

EXPECTED = ("gives", "gives_dtype", "gives_shape")
HANDLE_KEYS = ("data", "dtype", "shape", "transpose", "strides")


def read_cases(table: Table, signature: Signature, vocabulary: Vocabulary) -> tuple[Case, ...]:
    return tuple(_case(case, table.name, signature, vocabulary) for case in table.tables("cases"))


def _case(table: Table, symbol: str, signature: Signature, vocabulary: Vocabulary) -> Case:
    args = {}
    for param in signature.params:
        if param.name in table:
            args[param.name] = table.anything(param.name)
            _check_value(table, symbol, param, vocabulary)
        elif not param.type.optional:
            table.error("E051", f"the case gives no `{param.name}` ({symbol})")
    case = Case(
        args=args,
        gives=table.anything("gives"),
        error=table.text("error", ""),
        says=table.text("says", ""),
        dtype=table.text("gives_dtype", ""),
        shape=_shape(table, symbol),
        tolerance=table.number("tolerance", 0.0),
        at=table.at(),
    )
    _check_expectation(table, symbol, case, vocabulary)
    _check_answer(table, symbol, case, signature, vocabulary)
    known = [param.name for param in signature.params]
    for key in table.values:
        if key not in (*known, *EXPECTED, "error", "says", "tolerance"):
            hint = did_you_mean(key, (*known, *EXPECTED, "error", "says", "tolerance"))
            table.error_at_key("E050", f"`{key}` is no parameter ({symbol})", key, hint)
    return case


def _shape(table: Table, symbol: str) -> tuple[int, ...] | None:
    shape = table.anything("gives_shape")
    if shape is None:
        return None
    if not isinstance(shape, list) or not all(_is_integer(size) for size in shape):
        table.error("E005", f"`gives_shape` must be a list of integers ({symbol})", "gives_shape")
        return None
    return tuple(shape)


def _check_expectation(table: Table, symbol: str, case: Case, vocabulary: Vocabulary) -> None:
    """A case without an answer and without an error says that the call succeeds."""
    answers = [key for key in EXPECTED if key in table]
    if case.error and answers:
        table.error_at_key("E053", f"the case expects an error and an answer ({symbol})", answers[0])
    if case.says and not case.error:
        table.error_at_key("E053", f"`says` goes with `error` ({symbol})", "says")
    codes = error_codes(vocabulary)
    if case.error and case.error not in codes:
        table.error("E052", f"unknown error code `{case.error}` ({symbol})", "error", did_you_mean(case.error, codes))


def _check_value(table: Table, symbol: str, param: Param, vocabulary: Vocabulary) -> None:
    value = table.values[param.name]
    if param.type.is_list:
        items = value if isinstance(value, list) else [...]
        fits = all(_fits(item, param.type, vocabulary) for item in items)
    else:
        fits = _fits(value, param.type, vocabulary)
    if not fits:
        table.error("E054", f"`{param.name}` must be a value of type {param.type} ({symbol})", param.name)
    elif param.type.kind is Kind.HANDLE:
        for array in value if param.type.is_list else [value]:
            problem = _array_problem(array, vocabulary)
            if problem:
                table.error("E054", f"`{param.name}` {problem} ({symbol})", param.name)


def _array_problem(value: Any, vocabulary: Vocabulary) -> str:
    """What is wrong with an argument that stands for a handle; its form has been looked at."""
    given = value if isinstance(value, dict) else {"data": value}
    shape = shape_of(given["data"])
    if shape is None:
        return "is ragged: the lists at one depth must be equally long"
    dtypes = _dtypes(vocabulary)
    if "dtype" in given and (not isinstance(given["dtype"], str) or (dtypes and given["dtype"] not in dtypes)):
        return f"has an unknown dtype, `{given['dtype']}`: {did_you_mean(str(given['dtype']), dtypes)}"
    for key in ("shape", "transpose", "strides"):
        if key in given and not (isinstance(given[key], list) and all(_is_integer(item) for item in given[key])):
            return f"has a `{key}` that is no list of integers"
    if "shape" in given and "strides" not in given and prod(given["shape"]) != prod(shape):
        return f"has {prod(shape)} elements, which make no {given['shape']}"
    return ""


def _dtypes(vocabulary: Vocabulary) -> tuple[str, ...]:
    return vocabulary.texts["dtype"].values if "dtype" in vocabulary.texts else ()


def shape_of(data: Any) -> tuple[int, ...] | None:
    """The sizes of nested lists; None when they are ragged."""
    if not isinstance(data, list):
        return ()
    shapes = {shape_of(item) for item in data}
    if len(shapes) > 1 or None in shapes:
        return None
    return (len(data), *(shapes.pop() or ())) if shapes else (0,)


def _check_answer(table: Table, symbol: str, case: Case, signature: Signature, vocabulary: Vocabulary) -> None:
    if not case.tolerance >= 0:
        table.error("E054", f"`tolerance` must not be negative ({symbol})", "tolerance")
    dtypes = _dtypes(vocabulary)
    if case.dtype and dtypes and case.dtype not in dtypes:
        hint = did_you_mean(case.dtype, dtypes)
        table.error("E054", f"unknown dtype `{case.dtype}` ({symbol})", "gives_dtype", hint)
    if "gives" not in table or case.error:
        return
    problem = _answer_problem(case.gives, signature, vocabulary)
    several = case.gives.values() if isinstance(case.gives, dict) else [case.gives]
    if (
        not problem
        and case.shape is not None
        and any(prod(shape_of(each) or ()) != prod(case.shape) for each in several)
    ):
        problem = f"has not as many elements as the shape {list(case.shape)}"
    if problem:
        table.error("E054", f"`gives` {problem} ({symbol})", "gives")


def _answer_problem(gives: Any, signature: Signature, vocabulary: Vocabulary) -> str:
    results = signature.results
    if len(results) == 1 and not results[0].name:
        return _result_problem(gives, results[0].type, vocabulary)
    names = [result.name for result in results]
    if not names:
        return "goes with a function that returns something"
    if not isinstance(gives, dict) or sorted(gives) != sorted(names):
        return "must be a table with " + ", ".join(f"`{name}`" for name in names)
    problems = (_result_problem(gives[result.name], result.type, vocabulary) for result in results)
    return next(filter(None, problems), "")


def _result_problem(gives: Any, type_: Type, vocabulary: Vocabulary) -> str:
    if type_.is_list:
        fits = isinstance(gives, list) and all(_fits(item, type_, vocabulary) for item in gives)
    elif type_.kind is Kind.HANDLE:
        fits = _is_nested(gives)
        if fits and shape_of(gives) is None:
            return "is ragged: the lists at one depth must be equally long"
    else:
        fits = _fits(gives, type_, vocabulary)
    return "" if fits else f"must be a value of type {type_}"


def _fits(value: Any, type_: Type, vocabulary: Vocabulary) -> bool:
    if type_.kind in (Kind.I64, Kind.U8):
        return _is_integer(value)
    if type_.kind in (Kind.F64, Kind.F32):
        return _is_number(value)
    if type_.kind is Kind.BOOL:
        return isinstance(value, int)  # 2 is how a case tries a value that is refused
    if type_.kind in (Kind.STR, Kind.TEXT):
        return isinstance(value, str)
    if type_.kind is Kind.ENUM:
        return value in [v.name for v in vocabulary.enums[type_.name].values] or _is_integer(value)
    if type_.kind is Kind.HANDLE:
        return _is_nested(value) or (
            isinstance(value, dict) and "data" in value and all(key in HANDLE_KEYS for key in value)
        )
    return False  # no case can give an address


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_nested(value: Any) -> bool:
    """A number or bool, or lists of them."""
    if isinstance(value, list):
        return all(_is_nested(item) for item in value)
    return isinstance(value, (int, float))
