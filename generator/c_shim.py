"""The body of each exported function: enter, look at the arguments, take a route, leave."""

from __future__ import annotations

from dataclasses import dataclass

from generator.abi import AbiFunction, Part, Returns, declare
from generator.c_text import quoted, wrapped_call
from generator.c_type import is_integer, is_unsigned, takes_any_int64, target_of
from generator.model import Binding, Handle, Kind, Library, Param, Predicate, Role, Route, Text


@dataclass(frozen=True)
class ShimFunction:
    head: str  # "int64_t rt_torch_softmax(int64_t x, int64_t dim)"
    alone: str  # "body_free(x)": the whole function, for roles that do not compute; otherwise ""
    constant: str  # "FN_SOFTMAX"
    locals: tuple[str, ...]  # ("struct tensor x_tensor;", "int64_t result = 0;")
    not_entered: str  # "0": returned when the call is not entered
    work: tuple[str, ...]  # lines: the checks and the routes
    succeeded: str  # "result != 0"
    returned: str  # "result"


@dataclass(frozen=True)
class _Way:
    """One route, spelled."""

    conditions: tuple[str, ...]  # ("when_cpu(&call, &x_tensor)",); empty when nothing has to hold
    lines: tuple[str, ...]  # ("push_tensor(&call, &x_tensor);", 'result = dispatch(&call, "aten::relu", "");')


def shim_function(function: AbiFunction, library: Library, required: tuple[str, ...]) -> ShimFunction:
    return _Writer(function, library, required).function()


def body_prototypes(function: AbiFunction, library: Library) -> dict[str, str]:
    """The hand-written functions that it calls, declared as the shim calls them."""
    writer = _Writer(function, library, ())
    names = [route.target for route in function.function.routes if route.style == "body"]
    return {name: writer.body_prototype(name) for name in names}


class _Writer:
    def __init__(self, function: AbiFunction, library: Library, required: tuple[str, ...]) -> None:
        self.abi = function
        self.spec = function.function
        self.library = library
        self.required = required
        self.handles: dict[str, Handle] = {handle.name: handle for handle in library.handles}
        self.texts: dict[str, Text] = {text.name: text for text in library.texts}
        self.styles = {style.name: style for style in library.styles}
        self.params: dict[str, Param] = {param.name: param for param in self.spec.signature.params}
        self.gives_handle = function.returns is Returns.HANDLE
        self.computes = self.spec.role is Role.COMPUTES

    def function(self) -> ShimFunction:
        if not self.computes:
            return ShimFunction(self._head(), self._raw_body_call(), "", (), "", (), "", "")
        return ShimFunction(
            head=self._head(),
            alone="",
            constant=f"FN_{self.abi.name.upper()}",
            locals=tuple(self._locals()),
            not_entered=self.abi.failure or "error_code()",
            work=tuple("\t" + line if line else "" for line in self._work()),
            succeeded="result != 0" if self.gives_handle else "ok",
            returned=self._returned(),
        )

    def _is_one_expression(self) -> bool:
        """`ok = check && check && body`: what most functions without a handle to return come to."""
        routes = self.spec.routes
        return len(routes) == 1 and routes[0].style == "body" and not self.gives_handle

    def _work(self) -> list[str]:
        conditions = self._conditions()
        routes = self.spec.routes
        if self._is_one_expression():
            return _joined(
                "ok = ", [*conditions, wrapped_call(f"body_{routes[0].target}", self._body_args(), indent=2)], ";"
            )
        lines = _chosen([self._way(route) for route in routes])
        if not conditions:
            return lines
        head = _joined("if (", conditions, ")")
        if len(lines) == 1:
            return [*head, "\t" + lines[0]]
        return [*head[:-1], head[-1] + " {", *("\t" + line if line else "" for line in lines), "}"]

    def _head(self) -> str:
        return wrapped_call(
            declare(self.abi.result, self.abi.symbol), [param.declaration for param in self.abi.params] or ["void"]
        )

    def _locals(self) -> list[str]:
        """What the function declares, the call first."""
        found = ["struct call call;"]
        for param in self.params.values():
            if self._is_borrowed(param):
                found.append(declare(self._borrowed_type(param), self._borrowed(param)) + ";")
            elif self._is_parsed(param):
                found.append(declare(self.texts[param.type.name].c_type, f"{param.name}_value") + ";")
        if self.abi.returns is not Returns.STATUS:
            zero = {"double": "0.0", "float": "0.0f"}.get(self.abi.result, "NULL" if "*" in self.abi.result else "0")
            found.append(f"{declare(self.abi.result, 'result')} = {zero};")
        if not self.gives_handle:
            found.append("bool ok;" if self._is_one_expression() else "bool ok = false;")
        return found

    def _returned(self) -> str:
        if self.gives_handle:
            return "result"
        return "ok ? 0 : error_code()" if self.abi.returns is Returns.STATUS else f"ok ? result : {self.abi.failure}"

    # Arguments.

    def _is_borrowed(self, param: Param) -> bool:
        """A list of handles is, where the library says how; otherwise native functions get the bare numbers."""
        return param.type.kind is Kind.HANDLE and self._borrowed_type(param) != ""

    def _borrowed_type(self, param: Param) -> str:
        handle = self.handles[param.type.name]
        return handle.list_type if param.type.is_list else handle.c_type

    def _is_parsed(self, param: Param) -> bool:
        return param.type.kind is Kind.TEXT and not param.type.is_list

    def _borrowed(self, param: Param) -> str:
        return f"{param.name}_list" if param.type.is_list else f"{param.name}_{param.type.name}"

    def _argument(self, param: Param) -> list[str]:
        """The parameter as native functions are given it."""
        if self._is_borrowed(param):
            pointer = f"&{self._borrowed(param)}"
            return [f"{_absent(param)} ? NULL : {pointer}" if param.type.optional else pointer]
        if self._is_parsed(param):
            value = f"{param.name}_value"
            return [f"{param.name} ? &{value} : NULL" if param.type.optional else value]
        return [lowered.name for lowered in self.abi.params if lowered.origin == param.name]

    def _conditions(self) -> list[str]:
        """Handles first, then what needs no library to look at, then texts, then the checks of the spec."""
        borrows = [self._borrow(param) for param in self.params.values() if self._is_borrowed(param)]
        plain = [text for param in self.params.values() for text in self._plain_check(param)]
        outs = ["check_out(&call, out, out_cap)"] if self.abi.returns is Returns.LENGTH else []
        for lowered in self.abi.params:
            if lowered.part is Part.RESULT:
                outs.append(f"check_ptr(&call, {quoted(lowered.name)}, {lowered.name})")
        parses = [self._parse(param) for param in self.params.values() if self._is_parsed(param)]
        return [*borrows, *plain, *outs, *parses, *(self._check(check) for check in self.spec.checks)]

    def _borrow(self, param: Param) -> str:
        handle, given = self.handles[param.type.name], param.name
        borrow = handle.borrow
        if param.type.is_list:
            borrow, given = handle.borrow_list, f"{given}, {given}_len"
        text = f"{borrow}(&call, {quoted(param.name)}, {given}, &{self._borrowed(param)})"
        return f"({_absent(param)} || {text})" if param.type.optional else text

    def _parse(self, param: Param) -> str:
        parse = self.texts[param.type.name].parse
        text = f"{parse}(&call, {quoted(param.name)}, {param.name}, &{param.name}_value)"
        return f"(!{param.name} || {text})" if param.type.optional else text

    def _plain_check(self, param: Param) -> list[str]:
        name, type_ = param.name, param.type
        optional = "_optional" if type_.optional else ""
        if type_.is_list and not self._is_borrowed(param):
            return [f"check_list{optional}(&call, {quoted(name)}, {name}, {name}_len)"]
        if type_.kind is Kind.STR:
            return [f"check_str{optional}(&call, {quoted(name)}, {name})"]
        if type_.kind is Kind.PTR and not type_.optional:
            return [f"check_ptr(&call, {quoted(name)}, {name})"]
        if type_.kind in (Kind.BOOL, Kind.ENUM):
            check = "check_bool" if type_.kind is Kind.BOOL else f"check_{type_.name}"
            if type_.optional:
                return [f"(!{name} || {check}(&call, {quoted(name)}, *{name}))"]
            return [f"{check}(&call, {quoted(name)}, {name})"]
        return []

    def _check(self, check: Predicate) -> str:
        """Plain values go with their name, for the message; a list whose elements do not matter only with its length."""
        wanted = next(test for test in self.library.checks if test.name == check.name).args
        args = ["&call"]
        for arg, type_ in zip(check.args, wanted, strict=True):
            param = self.params.get(arg)
            if param is None:
                args += [quoted(arg), arg]
            elif self._is_borrowed(param):
                args += self._argument(param)
            elif type_ == "[T]":
                args += [quoted(arg), f"{arg}_len"]
            else:
                args += [quoted(arg), *self._argument(param)]
        return wrapped_call(f"check_{check.name}", args, indent=2)

    # Routes.

    def _way(self, route: Route) -> _Way:
        conditions = [self._when(when) for when in route.when]
        symbols = [name for name in route.needs if name not in self.required]
        conditions += [f"{self.library.upstream_name}.{name}" for name in symbols]
        if route.style == "body":
            target = "result" if self.gives_handle else "ok"
            call = wrapped_call(f"{target} = body_{route.target}", self._body_args(), ";", indent=3)
            return _Way(tuple(conditions), tuple(call.split("\n")))
        kind = self.styles[route.style].kind
        write = {"schema": self._schema, "status": self._status, "value": self._value}[kind]
        return _Way(tuple(conditions), write(route))

    def _when(self, when: Predicate) -> str:
        args = ["&call"]
        for arg in when.args:
            args += self._argument(self.params[arg]) if arg in self.params else [arg]
        return f"when_{when.name}({', '.join(args)})"

    def _schema(self, route: Route) -> tuple[str, ...]:
        style = self.styles[route.style]
        statements = []
        for binding in route.bindings:
            if binding.literal == "none":
                statements.append(f"{style.pack['none']}(&call);")
            else:
                args = ", ".join(["&call", *self._packed(binding)])
                statements.append(f"{style.pack[binding.type]}({args});")
        call = f"{style.finish}(&call, {quoted(route.target)}, {quoted(route.overload)})"
        return (*statements, f"result = {call};")

    def _packed(self, binding: Binding) -> list[str]:
        if binding.source is None:
            return [binding.literal or "0"]
        param = self.params.get(binding.source)
        if param is None:  # the length of a list
            return [binding.source]
        number = not (param.type.is_list or self._is_borrowed(param) or self._is_parsed(param))
        if param.type.optional and number and param.type.kind not in (Kind.STR, Kind.PTR) and binding.type[-1:] != "?":
            return [f"*{param.name}"]  # given here, as the route's condition says
        return self._argument(param)

    def _upstream_args(self, route: Route) -> list[str]:
        """Values as a plain C function takes them: a handle's own pointer, a list's first element."""
        args = []
        for binding in route.bindings:
            param = self.params.get(binding.source or "")
            if binding.result is not None:
                args.append(f"&raw_{binding.target}")
            elif param is None:
                args.append(binding.source or binding.literal or "0")
            elif self._is_borrowed(param):
                member = f"{self._borrowed(param)}.{self.handles[param.type.name].member}"
                args.append(f"{_absent(param)} ? NULL : {member}" if param.type.optional else member)
            elif self._is_parsed(param):
                args.append(f"{param.name}_value")
            else:
                args.append(param.name)
        return args

    def _fits(self, route: Route) -> list[str]:
        """Whether integers that the upstream function takes in a narrower type, or without a sign, are such."""
        checks = []
        for binding in route.bindings:
            name = binding.source or ""
            param = self.params.get(name)
            wide = str(param.type) == "i64" if param else name != ""  # or the length of a list
            if not wide or not is_integer(binding.type) or takes_any_int64(binding.type):
                continue
            same = f"{name} == ({binding.type}){name}"
            if is_unsigned(binding.type):
                same = f"{name} >= 0 && (uint64_t){name} == ({binding.type}){name}"
            checks.append(f"check_fits(&call, {quoted(name)}, {name}, {same}, {quoted(binding.type)})")
        return checks

    def _status(self, route: Route) -> tuple[str, ...]:
        if not self.gives_handle:
            return self._by_pointers(route)
        finish = self.styles[route.style].finish
        args = ", ".join([*self._upstream_args(route), "&raw"])
        work = f"{self.library.upstream_name}.{route.target}({args})"
        lines = wrapped_call(f"result = {finish}", ["&call", work, "&raw"], ";", indent=3).split("\n")
        return ("void *raw = NULL;", "", *self._guarded(route, lines))

    def _by_pointers(self, route: Route) -> tuple[str, ...]:
        """The results are read from variables of the upstream's own types."""
        written = [binding for binding in route.bindings if binding.result is not None]
        variables = [_variable(target_of(binding.type), f"raw_{binding.target}") for binding in written]
        work = f"{self.library.upstream_name}.{route.target}({', '.join(self._upstream_args(route))})"
        call = wrapped_call(self.styles[route.style].passed, ["&call", work], indent=3)
        lines = [*variables, *([""] if variables else []), *_joined("ok = ", [*self._fits(route), call], ";")]
        reads = [f"{self._place(binding)} = {self._read(binding)};" for binding in written]
        if len(reads) > 1:
            return (*lines, "if (ok) {", *("\t" + read for read in reads), "}")
        return (*lines, *(["if (ok)", "\t" + reads[0]] if reads else []))

    def _place(self, binding: Binding) -> str:
        return "result" if self.abi.returns is not Returns.STATUS else f"*{binding.result}"

    def _read(self, binding: Binding) -> str:
        """What the upstream function wrote, as a result of ours."""
        types = {result.name: result.type for result in self.spec.signature.results}
        ours = types[binding.result or ""]
        raw = f"raw_{binding.target}"
        return {Kind.BOOL: f"{raw} != 0", Kind.I64: f"(int64_t){raw}", Kind.ENUM: f"(int64_t){raw}"}.get(ours.kind, raw)

    def _value(self, route: Route) -> tuple[str, ...]:
        work = f"{self.library.upstream_name}.{route.target}({', '.join(self._upstream_args(route))});"
        lines = [work if self.abi.returns is Returns.STATUS else f"result = {work}", "ok = true;"]
        return tuple(self._guarded(route, lines))

    def _guarded(self, route: Route, lines: list[str]) -> list[str]:
        """The lines, where the arguments fit."""
        fits = self._fits(route)
        if not fits:
            return lines
        *above, last = _joined("if (", fits, ")")
        return [*above, last + " {", *("\t" + line for line in lines), "}"]

    # Bodies.

    def _body_args(self) -> list[str]:
        args = ["&call"]
        for param in self.params.values():
            args += self._argument(param)
        if self.abi.returns is Returns.LENGTH:
            args += ["out", "out_cap", "&result"]
        elif self.abi.returns is Returns.STATUS:
            args += [lowered.name for lowered in self.abi.params if lowered.part is Part.RESULT]
        elif not self.gives_handle:
            args.append("&result")
        return args

    def _raw_body_call(self) -> str:
        return f"body_{self.spec.routes[0].target}({', '.join(lowered.name for lowered in self.abi.params)})"

    def body_prototype(self, name: str) -> str:
        if not self.computes:
            params = [lowered.declaration for lowered in self.abi.params] or ["void"]
            return wrapped_call(declare(self.abi.result, f"body_{name}"), params, ";")
        params = ["struct call *call"]
        for param in self.params.values():
            params += self._body_params(param)
        if self.abi.returns is Returns.LENGTH:
            params += [lowered.declaration for lowered in self.abi.params if lowered.part in (Part.OUT, Part.OUT_CAP)]
            params.append("int64_t *out_len")
        elif self.abi.returns is Returns.STATUS:
            params += [lowered.declaration for lowered in self.abi.params if lowered.part is Part.RESULT]
        elif not self.gives_handle:
            params.append(declare(declare(self.abi.result, "*"), "out"))
        return wrapped_call(declare("int64_t" if self.gives_handle else "bool", f"body_{name}"), params, ";")

    def _body_params(self, param: Param) -> list[str]:
        if self._is_borrowed(param):
            return [f"const {self._borrowed_type(param)} *{param.name}"]
        if self._is_parsed(param):
            c_type = self.texts[param.type.name].c_type
            return [f"const {c_type} *{param.name}" if param.type.optional else declare(c_type, param.name)]
        return [lowered.declaration for lowered in self.abi.params if lowered.origin == param.name]


def _absent(param: Param) -> str:
    """Whether an optional handle, or list of them, is not given."""
    return f"{param.name}_len == LIST_ABSENT" if param.type.is_list else f"{param.name} == HANDLE_NONE"


def _variable(c_type: str, name: str) -> str:
    return f"{declare(c_type, name)} = {'NULL' if c_type.endswith('*') else '0'};"


def _joined(head: str, conditions: list[str], tail: str) -> list[str]:
    """`ok = a && b;`, a line for each, or several for a long one."""
    lines: list[str] = []
    for condition in conditions:
        before = "    && " if lines else head
        first, *rest = condition.split("\n")
        lines += [before + first, *(" " * len(before) + line for line in rest)]
    return [*lines[:-1], lines[-1] + tail]


def _chosen(ways: list[_Way]) -> list[str]:
    """The first way whose condition holds."""
    if len(ways) == 1 and not ways[0].conditions:
        return list(ways[0].lines)
    lines = []
    for index, way in enumerate(ways):
        head = "} else " if index else ""
        if way.conditions:
            *above, last = _joined(head + "if (", list(way.conditions), ")")
            lines += [*above, last + " {"]
        else:
            lines.append(head + "{")
        lines += ["\t" + line if line else "" for line in way.lines]
        if not way.conditions:
            return [*lines, "}"]
    lines += ["} else {", '\tcall_fail(&call, ERROR_UNAVAILABLE, "nothing here can do it for these arguments");', "}"]
    return lines
