"""One [fn.SYMBOL] table becomes a `Function`."""

from __future__ import annotations

import re
from dataclasses import replace

from generator.diagnostics import did_you_mean
from generator.model import (
    Function,
    Kind,
    NativeTest,
    Ownership,
    Predicate,
    Role,
    Route,
    Signature,
    Type,
)
from generator.signature import SignatureError, parse_signature
from generator.spec_case import read_cases
from generator.spec_library import Vocabulary, error_codes
from generator.spec_route import RouteReader
from generator.spec_words import check_docs, name_problem
from generator.table import Table, is_text

# What cannot be judged while the signature is unknown.
_NEEDS_SIGNATURE = (
    "E023",
    "E035",
    "E036",
    "E037",
    "E042",
    "E043",
    "E044",
    "E045",
    "E046",
    "E049",
    "E050",
    "E051",
    "E054",
)

_NATIVE = ("body_", "call_", "check_", "error_", "raw_", "when_")  # functions that the shim calls
_PREDICATE = re.compile(r"\s*([A-Za-z_]\w*)\s*\(([^()]*)\)\s*\Z")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")


class FunctionReader:
    def __init__(self, table: Table, group: str, vocabulary: Vocabulary) -> None:
        self.table = table
        self.symbol = table.name
        self.group = group
        self.vocabulary = vocabulary

    def function(self) -> Function:
        table = self.table
        if not self.symbol.startswith(self.vocabulary.prefix):
            hint = f"write `{self.vocabulary.prefix}{self.symbol}`"
            table.error("E010", f"`{self.symbol}` does not start with `{self.vocabulary.prefix}`", hint=hint)
        else:
            problem = name_problem(self.symbol.removeprefix(self.vocabulary.prefix), reserved=frozenset())
            if problem:
                table.error("E007", f"{problem} ({self.symbol})")
        signature = self._signature()
        with table.diagnostics.leaving_out(() if signature else _NEEDS_SIGNATURE):
            self.signature = self._document(signature or Signature((), ()))
            return self._rest()

    def _rest(self) -> Function:
        table = self.table
        role = self._role()
        routes = self._routes()
        function = Function(
            symbol=self.symbol,
            name=self.symbol.removeprefix(self.vocabulary.prefix),
            group=self.group,
            since=self._since(),
            signature=self.signature,
            summary=table.text("summary"),
            details=table.text("details", ""),
            returns=table.text("returns", ""),
            role=role,
            ownership=self._ownership(),
            checks=self._predicates(table, "checks", "check"),
            routes=routes,
            errors=self._errors(),
            keeps=self._keeps(),
            cases=read_cases(table, self.signature, self.vocabulary),
            at=table.at(),
            waits=table.text("waits", ""),
        )
        for key in ("summary", "details", "returns", "waits"):
            check_docs(table, key, getattr(function, key))
        self._check_sharing(function)
        self._check_role(function)
        table.finish(["derivative"])  # which is read once all functions are known
        return function

    def _check_sharing(self, function: Function) -> None:
        """A schema says what shares memory: `Tensor(a)`; and what is written to: `Tensor(a!)`."""
        for schema in (route.schema for route in function.routes if route.schema is not None):
            if function.ownership is None or len(schema.returns) != 1:
                continue  # reported already
            shared = "(" in schema.text.rpartition(" -> ")[2]
            if "!)" in schema.text:
                self.table.error("E044", f"the schema writes to an argument ({self.symbol})", "result")
            elif shared == (function.ownership is Ownership.NEW):
                says = "shares" if shared else "does not share"
                text = f"the schema's result {says} memory with an argument ({self.symbol})"
                self.table.error("E044", text, "result", "`view` or `maybe`" if shared else "`new`")

    def _since(self) -> int:
        since = self.table.integer("since")
        if type(self.table.values.get("since")) is int and not 1 <= since <= self.vocabulary.abi:
            text = f"`since` is {since}, the library's ABI {self.vocabulary.abi} ({self.symbol})"
            self.table.error(
                "E024", text, "since", "raise `abi` in [library] when functions are added to a released one"
            )
        return since

    def _signature(self) -> Signature | None:
        """None when it is missing or wrong."""
        text = self.table.text("sig")
        if not text:
            return None
        try:
            signature = parse_signature(text, self.vocabulary.kinds)
        except SignatureError as error:
            for found in (error, *error.others):
                about = ", ".join(filter(None, (self.symbol, found.subject)))
                problem = f"{found.text} ({about})"
                self.table.error_within(found.code, problem, "sig", found.offset, found.width, found.hint)
            return None
        self._check_signature(signature, text)
        return signature

    def _check_signature(self, signature: Signature, text: str) -> None:
        names = [*(param.name for param in signature.params), *(r.name for r in signature.results if r.name)]
        for name in names:
            problem = name_problem(name) or self._name_clash(name, signature)
            if problem:
                where = _name_offset(text, name)
                self.table.error_within("E016", f"{problem} ({self.symbol})", "sig", where, len(name))
        for param in signature.params:
            problem = _misplaced_param(param.type)
            if problem:
                self._type_error(problem, text, param.name, param.type)
        for result in signature.results:
            problem = _misplaced_result(result.type, bool(result.name))
            if problem:
                self._type_error(problem, text, result.name, result.type)

    def _name_clash(self, name: str, signature: Signature) -> str:
        """What the name would hide: the function itself, or what the shim makes of another parameter."""
        if name == self.symbol.removeprefix(self.vocabulary.prefix):
            return f"`{name}` is the function's own name"
        if name in self.vocabulary.natives or name.startswith(_NATIVE):
            return f"the name `{name}` is taken"
        for param in signature.params:
            if param.type.is_list and name == f"{param.name}_len":
                return f"`{name}` is the length of the list `{param.name}`"
            if param.type.kind is Kind.HANDLE and name in (f"{param.name}_{param.type.name}", f"{param.name}_list"):
                return f"`{name}` is what the handle `{param.name}` stands for"
            if param.type.kind is Kind.TEXT and name == f"{param.name}_value":
                return f"`{name}` is what the text `{param.name}` stands for"
        return ""

    def _type_error(self, problem: str, text: str, name: str, type_: Type) -> None:
        start = _name_offset(text, name) if name else text.rfind("->")
        where = text.find(str(type_), start)
        self.table.error_within("E017", f"{problem} ({self.symbol})", "sig", where, len(str(type_)))

    def _document(self, signature: Signature) -> Signature:
        docs = self.table.mapping("docs", is_text, "a string")
        table = self.table.table("docs")
        for name, doc in docs.items():
            check_docs(table, name, doc, self.symbol)
            if signature.params and name not in [p.name for p in signature.params]:
                hint = did_you_mean(name, [p.name for p in signature.params])
                table.error_at_key("E023", f"docs for `{name}`, which is no parameter ({self.symbol})", name, hint)
        params = []
        for param in signature.params:
            doc = docs.get(param.name) or self._default_doc(param.type)
            if not doc:
                where = _name_offset(self.table.text("sig"), param.name)
                text = f"the parameter `{param.name}` has no docs ({self.symbol})"
                hint = f'add `docs = {{ {param.name} = "..." }}`'
                self.table.error_within("E022", text, "sig", where, len(param.name), hint)
            params.append(replace(param, doc=doc))
        return replace(signature, params=tuple(params))

    def _default_doc(self, type_: Type) -> str:
        if type_.is_list or type_.optional:
            return ""
        if type_.kind is Kind.HANDLE:
            return self.vocabulary.handles[type_.name].doc
        return self.vocabulary.texts[type_.name].doc if type_.kind is Kind.TEXT else ""

    def _role(self) -> Role:
        text = self.table.text("role", "computes")
        known = [role.value for role in Role]
        if text not in known:
            self.table.error("E045", f"unknown role `{text}` ({self.symbol})", "role", did_you_mean(text, known))
            return Role.COMPUTES
        return Role(text)

    def _check_role(self, function: Function) -> None:
        if function.role is Role.COMPUTES:
            return
        role = function.role.value
        for key in ("checks", "routes", *(("errors",) if function.role is Role.ASKS else ())):
            if key in self.table:
                self.table.error_at_key("E045", f'a function that "{role}" has no {key} ({self.symbol})', key)
        if any(route.style != "body" for route in function.routes):
            self.table.error("E045", f'a function that "{role}" has a body ({self.symbol})', "role")
        results = [result.type for result in function.signature.results]
        if function.role is Role.RELEASES and results:
            self.table.error("E045", f'a function that "releases" returns nothing ({self.symbol})', "role")
        if function.role is Role.ASKS and (
            len(results) != 1 or results[0].is_list or results[0].kind in (Kind.HANDLE, Kind.PTR)
        ):
            self.table.error("E045", f'a function that "asks" returns one plain value ({self.symbol})', "role")

    def _ownership(self) -> Ownership | None:
        known = [ownership.value for ownership in Ownership]
        returns_handle = any(result.type.kind is Kind.HANDLE for result in self.signature.results)
        text = self.table.text("result", "")
        if text and text not in known:
            self.table.error("E044", f"unknown ownership `{text}` ({self.symbol})", "result", did_you_mean(text, known))
        elif text and not returns_handle and self.signature != Signature((), ()):
            self.table.error_at_key("E044", f"`result`, but no handle is returned ({self.symbol})", "result")
        elif not text and returns_handle:
            hint = 'add `result = "new"`, "view" or "maybe"'
            self.table.error("E044", f"whose memory does the result use? ({self.symbol})", hint=hint)
        return Ownership(text) if text in known else None

    def _errors(self) -> dict[str, str]:
        errors = self.table.mapping("errors", is_text, "a string")
        codes = error_codes(self.vocabulary)
        for code, when in errors.items():
            check_docs(self.table.table("errors"), code, when, self.symbol)
            if code not in codes:
                text = f"unknown error code `{code}` ({self.symbol})"
                self.table.table("errors").error_at_key("E052", text, code, did_you_mean(code, codes))
        return errors

    def _keeps(self) -> dict[str, str]:
        keeps = self.table.mapping("keeps", is_text, "a string")
        pointers = [p.name for p in self.signature.params if p.type.kind is Kind.PTR]
        for name in keeps:
            check_docs(self.table.table("keeps"), name, keeps[name], self.symbol)
            if name not in pointers:
                text = f"`{name}` is no raw pointer ({self.symbol})"
                self.table.table("keeps").error_at_key("E047", text, name, did_you_mean(name, pointers))
        for name in pointers:
            if name not in keeps:
                where = _name_offset(self.table.text("sig"), name)
                text = f"what must the memory of `{name}` outlive? ({self.symbol})"
                hint = f'add `keeps = {{ {name} = "..." }}`'
                self.table.error_within("E047", text, "sig", where, len(name), hint)
        return keeps

    def _routes(self) -> tuple[Route, ...]:
        styles = [name for name in (*self.vocabulary.styles, "body") if name in self.table]
        given = styles + (["routes"] if "routes" in self.table else [])
        if len(given) != 1:
            listed = " and ".join(f"`{name}`" for name in given) or "none"
            known = ", ".join(f"`{name}`" for name in (*self.vocabulary.styles, "body", "routes"))
            self.table.error(
                "E030", f"one implementation is needed, found {listed} ({self.symbol})", hint=f"one of {known}"
            )
            for name in given:
                self.table.anything(name)
            for key in ("bind", "needs", "optional", "through"):
                self.table.anything(key)
            return ()
        tables = self.table.tables("routes") if given == ["routes"] else [self.table]
        reader = RouteReader(self.symbol, self.signature, self.vocabulary)
        routes = []
        for table in tables:
            whens = () if table is self.table else self._predicates(table, "when", "condition")
            route = reader.route(table, whens)
            if route is not None:
                routes.append(route)
            if table is not self.table:
                table.finish(("when", "body", *self.vocabulary.styles))
        return tuple(routes)

    def _predicates(self, table: Table, key: str, what: str) -> tuple[Predicate, ...]:
        tests = self.vocabulary.checks if what == "check" else self.vocabulary.whens
        found = []
        for index, text in enumerate(table.texts(key)):
            within = index if isinstance(table.values[key], list) else None
            match = _PREDICATE.match(text)
            if match is None:
                problem = f"expected `name(argument, ...)` ({self.symbol})"
                table.error_within("E040", problem, key, 0, len(text), index=within)
                continue
            name, args = match[1], tuple(arg.strip() for arg in match[2].split(",") if arg.strip())
            if name not in tests:
                problem = f"unknown {what} `{name}` ({self.symbol})"
                table.error_within("E041", problem, key, match.start(1), len(name), did_you_mean(name, tests), within)
                continue
            problem, code, hint = self._misapplied(tests[name], args)
            if problem:
                table.error_within(code, f"{problem} ({self.symbol})", key, 0, len(text), hint, within)
                continue
            found.append(Predicate(name, args, table.at(key)))
        return tuple(found)

    def _misapplied(self, test: NativeTest, args: tuple[str, ...]) -> tuple[str, str, str]:
        if len(args) != len(test.args):
            return f"`{test.name}` takes {len(test.args)} arguments, not {len(args)}", "E042", ""
        types = {p.name: p.type for p in self.signature.params}
        for arg, wanted in zip(args, test.args, strict=True):
            if _NUMBER.match(arg) and wanted in ("i64", "f64"):
                continue
            if arg not in types:
                return f"`{arg}` is no parameter", "E043", did_you_mean(arg, types)
            if str(types[arg]) != wanted and not (wanted == "[T]" and types[arg].is_list):
                return f"`{test.name}` wants {wanted}, and `{arg}` is {types[arg]}", "E043", ""
        return "", "", ""


def _name_offset(text: str, name: str) -> int:
    match = re.search(rf"\b{re.escape(name)}:", text)
    return match.start() if match else 0


def _misplaced_param(type_: Type) -> str:
    if type_.kind is Kind.U8 and not type_.is_list:
        return "`u8` stands in a list only: `[u8]`"
    return ""


def _misplaced_result(type_: Type, named: bool) -> str:
    if type_.kind is Kind.U8 and not type_.is_list:
        return "`u8` stands in a list only: `[u8]`"
    if type_.optional:
        return "a result is not optional"
    if type_.is_list and named:
        return "a list is returned alone, without a name"
    return ""
