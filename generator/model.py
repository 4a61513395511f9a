"""The model: what the specs say, checked and typed, before any language is thought of.

Every node is frozen and knows where it was written (`at`), so that any later stage can point a diagnostic at the line
that caused it.  Each field carries an example in its comment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


@dataclass(frozen=True)
class Location:
    """Where a key was written."""

    path: str  # "specs/torch/reduce.toml", relative to the project's root, always with "/"
    line: int  # 12, counted from 1
    column: int  # 8, counted from 1: where the value starts


class Kind(Enum):
    """What a spec type is, once its name has been looked up in the library."""

    I64 = "i64"
    F64 = "f64"
    F32 = "f32"
    U8 = "u8"  # only inside a list: the bytes of `[u8]`
    BOOL = "bool"
    STR = "str"
    PTR = "ptr"  # a raw address; `keeps` says what it must outlive
    HANDLE = "handle"  # a name declared by [handle.NAME]
    TEXT = "text"  # a name declared by [text.NAME]: a `str` with a grammar of its own
    ENUM = "enum"  # a name declared by [enum.NAME]: an `i64` with named values


@dataclass(frozen=True)
class Type:
    """A spec type as written: `tensor`, `i64?`, `[f64]`, `[i64]?`."""

    name: str  # "tensor"
    kind: Kind  # Kind.HANDLE
    is_list: bool = False  # True for "[tensor]"
    optional: bool = False  # True for "tensor?"

    def __str__(self) -> str:
        text = f"[{self.name}]" if self.is_list else self.name
        return text + "?" if self.optional else text


@dataclass(frozen=True)
class Param:
    name: str  # "dim"
    type: Type  # i64
    doc: str  # "Dimension to reduce; a negative one counts from the end."


@dataclass(frozen=True)
class Result:
    name: str  # "" for a single result, "values" for one of several
    type: Type  # tensor


@dataclass(frozen=True)
class Signature:
    """`(x: tensor, dim: i64) -> tensor`; printing it gives back exactly the text that was parsed."""

    params: tuple[Param, ...]
    results: tuple[Result, ...]  # empty for a function that returns nothing

    def __str__(self) -> str:
        params = ", ".join(f"{p.name}: {p.type}" for p in self.params)
        if not self.results:
            return f"({params})"
        if len(self.results) == 1 and not self.results[0].name:
            return f"({params}) -> {self.results[0].type}"
        results = ", ".join(f"{r.name}: {r.type}" for r in self.results)
        return f"({params}) -> ({results})"


class Role(Enum):
    COMPUTES = "computes"  # may fail; sets the thread's error state
    ASKS = "asks"  # cannot fail; leaves the error state alone
    RELEASES = "releases"  # may run in a finalizer; returns a status and leaves the error state alone


class Ownership(Enum):
    NEW = "new"  # a fresh tensor
    VIEW = "view"  # shares the memory of its input
    MAYBE = "maybe"  # either, as the input's layout decides


@dataclass(frozen=True)
class Predicate:
    """A named native function applied to parameters: `broadcast(a, b)` in `checks` or in `when`."""

    name: str  # "broadcast"
    args: tuple[str, ...]  # ("a", "b"); a literal is kept as written, for example "0"
    at: Location

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.args)})"


@dataclass(frozen=True)
class SchemaArg:
    """One argument of a quoted operator schema."""

    type: str  # "ScalarType?"
    name: str  # "dtype"
    default: str | None  # "None"; None when there is none
    keyword_only: bool  # True after a "*"


@dataclass(frozen=True)
class Schema:
    """An upstream operator, quoted: `softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor`."""

    text: str  # the whole quoted text
    name: str  # "softmax"
    overload: str  # "int", "" when there is none
    args: tuple[SchemaArg, ...]
    returns: tuple[str, ...]  # ("Tensor",)


@dataclass(frozen=True)
class Prototype:
    """A C function of the upstream library: `int32_t (void *tensor, int64_t *ret_dim)`."""

    name: str  # "aoti_torch_get_dim"
    result: str  # "int32_t"
    params: tuple[tuple[str, str], ...]  # (("void *", "tensor"), ("int64_t *", "ret_dim"))
    at: Location
    companion: str = ""  # "example_gpu": the library beside upstream that has it; "" for upstream itself


@dataclass(frozen=True)
class Binding:
    """What one argument of the upstream function is given."""

    target: str  # "self": the upstream's own name of the argument
    source: str | None  # "x": a parameter of ours; None when a literal or the schema's default is used
    literal: str | None  # "1.0": a C literal or a schema default such as "None"; None when a parameter is used
    type: str  # "Tensor": the upstream's type of the argument
    result: str | None = None  # "free": the result of ours that is written there, "" the only one; None: it is read


@dataclass(frozen=True)
class Route:
    """One way to do the work.  Routes are tried in order; the first whose condition holds and whose symbols exist runs."""

    style: str  # "aten", "aoti", "c" or "body"
    target: str  # "aten::softmax" for a schema, "aoti_torch_cpu_abs" for C, "from_data" for a body
    overload: str  # "int"; "" when there is none
    schema: Schema | None  # for a schema-quoted style
    prototype: Prototype | None  # for a C style
    bindings: tuple[Binding, ...]  # in the upstream's order; empty for a body
    when: tuple[Predicate, ...]  # (cpu_floating(a, b),); empty: always
    needs: tuple[str, ...]  # upstream symbols that this route cannot do without, its style's included
    optional: tuple[str, ...]  # upstream symbols that it uses where they exist
    at: Location
    through: tuple[str, ...] = ()  # ("cuda",): the styles that a body calls the upstream by


@dataclass(frozen=True)
class Case:
    """One known answer: arguments, and what they give."""

    args: dict[str, Any]  # {"x": [[0.0, 0.0]], "dim": 1}; for what stands for a handle, see Handle
    gives: Any  # [[0.5, 0.5]]; None when `error` is given or nothing is returned
    error: str  # "bad_argument"; "" when the call succeeds
    says: str  # text that the error's message must contain; "" when not checked
    dtype: str  # expected dtype; "" when not checked
    shape: tuple[int, ...] | None  # expected shape; None when not checked
    tolerance: float  # 0.0: exact; otherwise relative
    at: Location


@dataclass(frozen=True)
class Formula:
    """The gradient by one input, in terms of the gradient by the result: an expression of Python."""

    input: str  # "x": a parameter
    lines: tuple[str, ...]  # ("s = sum(grad * result, dim, True)", "result * (grad - s)"): the last one is the gradient
    reads: tuple[str, ...]  # ("result",): parameters whose values it uses, `result` with them
    calls: tuple[str, ...]  # ("sum",): functions that it calls, in the order of the alphabet
    at: Location

    def __str__(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Derivative:
    """[fn.NAME.derivative]"""

    formulas: tuple[Formula, ...]  # in the order of the parameters; none where the function is not differentiable
    none: tuple[str, ...]  # ("cond",): the inputs that it is not differentiable by
    at: Location


@dataclass(frozen=True)
class Function:
    symbol: str  # "rt_torch_softmax"
    name: str  # "softmax": the symbol without the library's prefix
    group: str  # "activation": the file it stands in
    since: int  # 1: the ABI version that introduced it
    signature: Signature
    summary: str  # one sentence, ends with a full stop
    details: str  # further paragraphs, "" when there are none
    returns: str  # what the result is, "" when the summary says it all
    role: Role
    ownership: Ownership | None  # None unless a handle is returned
    checks: tuple[Predicate, ...]
    routes: tuple[Route, ...]  # at least one
    errors: dict[str, str]  # {"no_upstream": "when there is no such file"}: what its body itself raises
    keeps: dict[str, str]  # {"data": "the token of this call appears in rt_torch_released"}: what a `ptr` must outlive
    cases: tuple[Case, ...]
    at: Location
    waits: str = ""  # "until the device has done what was asked of it": that a call may take long; "" when it does not
    derivative: Derivative | None = None  # None where the question does not arise


@dataclass(frozen=True)
class Handle:
    """[handle.tensor]: an opaque kind, and how C sees it once it has been checked.

    In a case a handle is an array: nested lists, or a table with `data`, and with `dtype`, `shape`, `transpose` and
    `strides` where they are not the obvious ones.  Its dtypes are the values of [text.dtype]."""

    name: str  # "tensor"
    doc: str  # "A tensor handle.": the default text for parameters of this type
    release: str  # "rt_torch_free"
    c_type: str  # "struct tensor"
    member: str  # "handle": the member of it that the upstream library is given
    borrow: str  # "borrow_tensor"
    list_type: str  # "struct tensors": what C sees of a list of them; "" where it gets the bare numbers
    borrow_list: str  # "borrow_tensors"
    needs: tuple[str, ...]
    optional: tuple[str, ...]  # upstream symbols that are used where they exist
    at: Location


@dataclass(frozen=True)
class Text:
    """[text.dtype]: a string with a grammar, and the native function that parses it."""

    name: str  # "dtype"
    doc: str
    c_type: str  # "int32_t"
    parse: str  # "parse_dtype"
    needs: tuple[str, ...]
    values: tuple[str, ...]  # ("f64", "f32"): what cases may say; empty when anything goes
    at: Location


@dataclass(frozen=True)
class EnumValue:
    name: str  # "invalid_handle"
    value: int  # 1
    doc: str


@dataclass(frozen=True)
class Enumeration:
    """[enum.error]"""

    name: str  # "error"
    doc: str
    values: tuple[EnumValue, ...]
    at: Location


@dataclass(frozen=True)
class NativeTest:
    """[check.broadcast] or [when.cpu]: a hand-written C function that looks at arguments before the call."""

    name: str  # "broadcast"
    args: tuple[str, ...]  # ("tensor", "tensor"): spec types of what it is applied to
    doc: str  # "`a` and `b` must broadcast to one shape."
    error: str  # "bad_argument": the code that a check fails with, in [enum.error]'s words
    needs: tuple[str, ...]
    at: Location


@dataclass(frozen=True)
class Style:
    """[style.aten]: how functions of a kind are called."""

    name: str  # "aten"
    kind: str  # "schema": packed through `pack` and dispatched; "status": C, non-zero is failure, results by pointers;
    #            "value": C, the result is returned
    doc: str
    namespace: str  # "aten::", put before a schema's name; "" otherwise
    finish: str  # "dispatch": the native function that runs the packed call, or turns a status and a handle into ours
    passed: str  # "cuda_passed": the one that says whether a status is a success, for results that are no handles
    pack: dict[str, str]  # {"Tensor": "push_tensor", "int": "push_i64"}: for "schema"
    takes: dict[str, tuple[str, ...]]  # {"push_i64": ("i64",)}: spec types that a pack function is for; any if left out
    gives: str  # "Tensor": the schema type that `finish` makes a handle of; "" when any
    literals: dict[str, str]  # {"True": "1"}: how a schema's default is spelled in C, or "none" for an absent optional
    alias: dict[str, tuple[str, ...]]  # {"self": ("x", "a")}: our parameters that bind to the upstream's name unasked
    needs: tuple[str, ...]
    pack_needs: dict[str, tuple[str, ...]]  # {"push_list": ("new_list",)}: what one pack function needs on top
    pack_optional: dict[str, tuple[str, ...]]  # the same, for what it uses where it exists
    at: Location


@dataclass(frozen=True)
class Wrapper:
    """[wrapper.add_torch_ffi]: plain data in, plain data out, over functions that work on handles."""

    name: str  # "add_torch_ffi"
    kind: str  # "asks", "to_handle", "from_handle", "creation" or "operation"
    calls: str  # "rt_torch_add"
    summary: str
    at: Location


@dataclass(frozen=True)
class Plain:
    """[plain]: the functions by which wrappers turn plain data into handles and back."""

    to_handle: str  # "rt_torch_from_data_f64"
    convert: str  # "rt_torch_to_dtype"
    dtype: str  # "f64"
    device: str  # "cpu": given to functions that create and ask for one; "" when none does
    shape: str  # "rt_torch_shape"
    from_handle: str  # "rt_torch_to_data_f64"
    release: str  # "rt_torch_free"
    at: Location


@dataclass(frozen=True)
class Operator:
    """[op.sum]: what users of a language with classes and operators call, over a function that works on handles."""

    name: str  # "sum"
    function: str  # "rt_torch_sum_dim"
    receiver: str  # "x": the parameter that the method is called on
    symbol: str  # "+"; "" when it is no operator of the language
    property: str  # "T": an attribute that is the same; "" when there is none
    numbers: tuple[str, ...]  # ("a", "b"): handle parameters for which a number will do
    defaults: dict[str, bool | int | float | str]  # {"keepdim": False}
    absent: dict[str, str]  # {"dim": "rt_torch_sum_tensor"}: what is called where the parameter is left out
    handles: dict[
        str, str
    ]  # {"exponent": "rt_torch_pow_tensor"}: what is called where a handle is given for the number
    spread: str  # "shape": the method also takes its elements one by one; "" when there is none
    each: str  # "dim": several of these can be given, and it is called for one after the other; "" when there is none
    single: tuple[str, ...]  # ("stride",): lists of integers for which one integer will do
    resident: bool  # the result has the shape and dtype of equal floating-point operands
    floats: str  # "operator.add": what it is for two lists of floats, element by element; "" when that is unknown
    summary: str  # "" when the function's will do, as for the next two
    details: str
    docs: dict[str, str]  # {"keepdim": "Whether to keep the reduced dimension, with size 1."}
    at: Location


@dataclass(frozen=True)
class Interface:
    """[operators]: the class that the operators belong to."""

    class_path: str  # "rt_torch._tensor.Tensor"
    handle: str  # "tensor": what its instances hold
    alias: str  # "rt": the package, as the docs call it
    none: tuple[str, ...]  # ("rt_torch_zeros",): functions on handles that have no operator
    at: Location


@dataclass(frozen=True)
class Derivatives:
    """[derivatives]: that functions on handles say their derivatives, and what formulas may ask of a handle.

    An attribute is known of every handle; the values of its elements may be gone by the time a formula is computed."""

    attributes: dict[str, Type]  # {"shape": [i64], "numel()": i64}
    discrete: tuple[str, ...]  # ("truth",): checks that make an argument or, without any, the result discrete
    at: Location


@dataclass(frozen=True)
class Library:
    """Everything that one folder of specs says."""

    name: str  # "rt_torch"
    prefix: str  # "rt_torch_"
    abi: int  # 1
    summary: str
    upstream_name: str  # "libtorch": what messages call it
    sonames: tuple[str, ...]  # ("libtorch_cpu.so",)
    environment: str  # "RT_TORCH_LIBTORCH": overrides the search; "" when there is none
    install: str  # "pip install torch": how to come by it, for the message that it is missing; "" says nothing
    users: tuple[str, ...]  # ("libc10_cuda.so",): libraries that use it: what one in the process uses is what is taken
    identify: tuple[str, ...]  # ("torch_call_dispatcher",): symbols without which a file is not this library
    hooks: dict[str, str]  # {"opened": "torch_opened"}: hand-written native functions called by the core
    includes: tuple[str, ...]  # ("tensor.h",): native headers that the shim needs
    handles: tuple[Handle, ...] = ()
    texts: tuple[Text, ...] = ()
    enums: tuple[Enumeration, ...] = ()
    checks: tuple[NativeTest, ...] = ()
    whens: tuple[NativeTest, ...] = ()
    styles: tuple[Style, ...] = ()
    upstream: tuple[Prototype, ...] = ()
    groups: dict[str, str] = field(default_factory=dict)  # {"reduce": "Reductions": title of each group}
    functions: tuple[Function, ...] = ()
    wrappers: tuple[Wrapper, ...] = ()
    plain: Plain | None = None
    interface: Interface | None = None
    operators: tuple[Operator, ...] = ()
    derivatives: Derivatives | None = None
    beside: str = ""  # "rt_torch": a library in whose shared object it is: a thread has one error for both
    at: dict[str, Location] = field(default_factory=dict)  # where the keys `name`, `prefix` and `beside` stand
