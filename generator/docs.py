"""Sentences that several outputs share: what a parameter means, what comes back."""

from __future__ import annotations

from generator.abi import AbiFunction, AbiParam, Part, Returns
from generator.model import Ownership, Role

_RESULTS = {
    Returns.HANDLE: "A handle.",
    Returns.I64: "The number.",
    Returns.F64: "The number.",
    Returns.F32: "The number.",
    Returns.BOOL: "1 for yes, 0 for no.",
    Returns.STR: "UTF-8 text, never to be freed.",
    Returns.PTR: "An address.",
    Returns.LENGTH: "The number of elements.",
    Returns.STATUS: "0, or an error code.",
}

_OWNERSHIP = {
    Ownership.NEW: "A handle to a new {type}, owned by the caller.",
    Ownership.VIEW: "A handle, owned by the caller, to a {type} that shares the memory of its input.",
    Ownership.MAYBE: "A handle, owned by the caller, to a {type} that may share the memory of its input.",
}


def param_doc(function: AbiFunction, param: AbiParam) -> str:
    keeps = function.function.keeps.get(param.origin, "") if param.part is Part.VALUE else ""
    return f"{param.doc} {keeps}".strip()


def result_doc(function: AbiFunction) -> str:
    """What is returned, and what on failure."""
    spec = function.function
    text = spec.returns or _RESULTS[function.returns]
    if not spec.returns and spec.ownership is not None and function.returns is Returns.HANDLE:
        text = _OWNERSHIP[spec.ownership].format(type=spec.signature.results[0].type.name)
    if not function.failure:
        return text
    failure = "NaN" if function.failure == "NAN" else function.failure
    return f"{text} On failure {failure}."


def waits_doc(function: AbiFunction) -> str:
    """That a call may take long, as a sentence."""
    return f"Waits {function.function.waits}." if function.function.waits else ""


def error_doc(function: AbiFunction) -> str:
    """A word on the error state, for what does not compute."""
    if function.function.role is Role.ASKS:
        return "It cannot fail, and leaves the thread's error state alone."
    return ""
