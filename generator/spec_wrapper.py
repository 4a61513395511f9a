"""[plain] and [wrapper.NAME]: functions over plain data, checked so that rendering them needs no further questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator.diagnostics import did_you_mean
from generator.model import Function, Kind, Plain, Role, Type, Wrapper
from generator.spec_library import Vocabulary
from generator.spec_words import check_docs
from generator.table import Table

WRAPPER_KINDS = ("asks", "to_handle", "from_handle", "creation", "operation")
ELEMENTS = (Kind.F64, Kind.F32, Kind.I64)
ANSWERS = (Kind.F64, Kind.F32, Kind.I64, Kind.BOOL, Kind.STR)
FILLED_IN = ("dtype", "device")  # parameters that a creation is given from [plain]


def read_wrappers(
    plain: Table | None, wrappers: Iterable[Table], functions: Mapping[str, Function], vocabulary: Vocabulary
) -> tuple[Plain | None, tuple[Wrapper, ...]]:
    reader = _Reader(functions, vocabulary)
    read = reader.plain(plain) if plain is not None else None
    return read, reader.wrappers(list(wrappers), read)


class _Reader:
    def __init__(self, functions: Mapping[str, Function], vocabulary: Vocabulary) -> None:
        self.functions = functions
        self.vocabulary = vocabulary
        self.handle = ""  # the type of the handles that plain data is turned into; "" while unknown

    def _function_name(self, table: Table, key: str) -> str:
        name = table.text(key)
        if name and name not in self.functions:
            hint = did_you_mean(name, self.functions, self.vocabulary.prefix)
            table.error("E060", f"no function `{name}` ({table.name})", key, hint)
        return name

    def _judged(self, name: str) -> Function | None:
        """The function, unless it is not there, or its signature could not be read: an error stands already."""
        function = self.functions.get(name)
        return function if function is not None and function.routes else None

    def plain(self, table: Table) -> Plain:
        plain = Plain(
            to_handle=self._function_name(table, "to_handle"),
            convert=self._function_name(table, "convert"),
            dtype=table.text("dtype"),
            device=table.text("device", ""),
            shape=self._function_name(table, "shape"),
            from_handle=self._function_name(table, "from_handle"),
            release=self._function_name(table, "release"),
            at=table.at(),
        )
        table.finish()
        for key, text in (("dtype", plain.dtype), ("device", plain.device)):
            values = self.vocabulary.texts[key].values if key in self.vocabulary.texts else ()
            if text and ('"' in text or (values and text not in values)):
                table.error("E063", f"no {key} `{text}` (plain)", key, did_you_mean(text, values))
            check_docs(table, key, text)
        self._check_plain(table, plain)
        return plain

    def _check_plain(self, table: Table, plain: Plain) -> None:
        make = self._judged(plain.to_handle)
        if make is None:
            return
        data = [param.type for param in make.signature.params][:1]
        results = [result.type for result in make.signature.results]
        handle = results[0] if len(results) == 1 and results[0].kind is Kind.HANDLE else None
        if not data or data[0].kind not in ELEMENTS or not _fits(make, [f"[{data[0].name}]", "[i64]"], handle):
            text = f"`{plain.to_handle}` must take a list of numbers and a shape, `[i64]`, and return a handle"
            table.error("E063", f"{text} (plain)", "to_handle")
            return
        assert handle is not None
        self.handle = handle.name
        sizes, elements = Type("i64", Kind.I64, True), Type(data[0].name, data[0].kind, True)
        self._check_shape(table, "shape", plain.shape, [self.handle], sizes)
        self._check_shape(table, "from_handle", plain.from_handle, [self.handle], elements)
        self._check_shape(table, "convert", plain.convert, [self.handle, "dtype"], handle)
        release = self._judged(plain.release)
        if release is not None and (release.role is not Role.RELEASES or not _fits(release, [self.handle], None)):
            text = f'`{plain.release}` must have the role "releases" and take one {self.handle}'
            table.error("E063", f"{text} (plain)", "release")

    def _check_shape(self, table: Table, key: str, name: str, params: list[str], result: Type) -> None:
        function = self._judged(name)
        if function is not None and not _fits(function, params, result):
            wanted = f"({', '.join(params)}) -> {result}"
            found = f"{function.signature}"
            table.error("E063", f"`{name}` must be `{wanted}`, and is `{found}` (plain)", key)

    def wrappers(self, tables: list[Table], plain: Plain | None) -> tuple[Wrapper, ...]:
        if tables and plain is None:
            tables[0].error("E062", "there are wrappers, but no [plain] table in any file")
        found = [self._wrapper(table, plain) for table in tables]
        for kind in ("to_handle", "from_handle") if tables and plain is not None else ():
            same = [table for table, wrapper in zip(tables, found, strict=True) if wrapper.kind == kind]
            if not same:
                tables[0].error("E062", f'no wrapper has the kind "{kind}", which the others are made of')
            for table in same[1:]:
                table.error("E062", f"`{same[0].name}` has this kind already ({table.name})", "kind")
        return tuple(found)

    def _wrapper(self, table: Table, plain: Plain | None) -> Wrapper:
        kind = table.text("kind")
        if kind and kind not in WRAPPER_KINDS:
            table.error("E041", f"unknown kind `{kind}` of a wrapper", "kind", did_you_mean(kind, WRAPPER_KINDS))
        calls = self._function_name(table, "calls")
        wrapper = Wrapper(table.name, kind, calls, table.text("summary"), table.at())
        check_docs(table, "summary", wrapper.summary)
        table.finish()
        function = self._judged(calls)
        problem = self._problem(kind, function, plain) if function is not None and plain is not None else ""
        if problem:
            table.error("E064", f"{problem} ({table.name})", "calls")
        return wrapper

    def _problem(self, kind: str, function: Function, plain: Plain) -> str:
        """Why a wrapper of this kind cannot call the function."""
        params, results = function.signature.params, function.signature.results
        if kind == "asks":
            plain_answer = len(results) == 1 and not results[0].name and not results[0].type.is_list
            if params or not plain_answer or results[0].type.kind not in ANSWERS:
                return f"`{function.symbol}` must take nothing and return one plain value"
        elif kind in ("to_handle", "from_handle"):
            wanted = plain.to_handle if kind == "to_handle" else plain.from_handle
            if function.symbol != wanted:
                return f"it must call `{wanted}`, as [plain] says"
        elif kind in ("creation", "operation") and self.handle:
            returns = [str(result.type) for result in results if not result.name]
            if returns != [self.handle]:
                return f"`{function.symbol}` must return one {self.handle}"
            if kind == "operation" and (not params or any(str(param.type) != self.handle for param in params)):
                return f"`{function.symbol}` must take {self.handle}s only"
            if kind == "creation":
                return self._creation_problem(function, plain)
        return ""

    def _creation_problem(self, function: Function, plain: Plain) -> str:
        params = function.signature.params
        others = [param.name for param in params[1:]]
        texts = all(param.type.kind is Kind.TEXT and not param.type.is_list for param in params[1:])
        if not params or str(params[0].type) != "[i64]" or not texts or not set(others) <= set(FILLED_IN):
            return f"`{function.symbol}` must take a shape, `[i64]`, and at most a `dtype` and a `device`"
        if "device" in others and not plain.device:
            return f"`{function.symbol}` takes a device, and [plain] names none"
        return ""


def _fits(function: Function, params: list[str], result: Type | None) -> bool:
    """Whether the function takes and returns just that; "dtype" stands for any text."""
    types = [param.type for param in function.signature.params]
    given = ["dtype" if t.kind is Kind.TEXT and str(t) == t.name else str(t) for t in types]
    results = [str(r.type) for r in function.signature.results if not r.name]
    return given == params and results == ([] if result is None else [str(result)])
