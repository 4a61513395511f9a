"""Errors in specs: all are collected, then printed, each with its place, the line, a caret and a suggestion.

specs/torch/reduce.toml:12:12: E014 unknown type `tensr` (rt_torch_sum_dim, parameter `x`)
  sig = "(x: tensr, dim: i64, keepdim: bool) -> tensor"
             ^^^^^  did you mean `tensor`?
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from generator.model import Location

RULES = {
    "E001": "the file must be TOML",
    "E002": "one key per line: no dotted keys, no arrays of tables",
    "E003": "every key and table must be known",
    "E004": "a key that is always needed must be there",
    "E005": "a value must have the type that its key wants",
    "E006": "a table stands in one file only",
    "E007": "a name must be one in every language",
    "E008": "a group is a file and needs a title in [groups]",
    "E010": "a function's symbol starts with the library's prefix",
    "E011": "a function is declared once",
    "E012": "a signature must parse",
    "E013": "a signature is written as it prints",
    "E014": "every type must be known",
    "E015": "names in a signature are unique",
    "E016": "a parameter's or result's name must be one in every language, and free",
    "E017": "a type must stand where it can be lowered",
    "E020": "a summary is a sentence and ends with a full stop",
    "E021": "nothing is left to do in the docs",
    "E022": "every parameter is documented",
    "E023": "docs are given for parameters that exist",
    "E024": "`since` lies between 1 and the library's ABI version",
    "E025": "a text can stand in a comment, a docstring and a table of every language",
    "E030": "a function has exactly one implementation: a body, a style, or routes",
    "E031": "a C type is one of C's own, or a struct or enum of the native headers",
    "E032": "a quoted schema must parse",
    "E033": "a prototype must parse",
    "E034": "an upstream symbol must be declared in [upstream]",
    "E035": "every upstream argument is bound or has a default",
    "E036": "every parameter is used",
    "E037": "a binding names an argument of the upstream function, and a parameter of ours",
    "E038": "a schema's type needs a pack function",
    "E039": "a schema's default needs a literal",
    "E040": "a check or condition must parse",
    "E041": "every check, condition and style must be known",
    "E042": "a check or condition is given as many arguments as it takes",
    "E043": "a check or condition is given arguments of the types that it takes",
    "E044": "a function that returns a handle says whose memory that is, and no other does",
    "E045": "a function's role must fit what it does",
    "E046": "a style can only return what it is able to",
    "E047": "a raw pointer says what it must outlive",
    "E048": "a release function must exist and release",
    "E049": "what an upstream function writes to is a result of ours that has such a type, and each one is written",
    "E050": "a case gives arguments that exist",
    "E051": "a case gives every argument that is not optional",
    "E052": "a case expects, and a function raises, an error code that exists",
    "E053": "a case expects either an answer or an error",
    "E054": "a case's argument and answer must have values of their types",
    "E060": "a wrapper calls a function that exists",
    "E061": "an enum's values are unique",
    "E062": "wrappers need [plain], and one of them each way between plain data and handles",
    "E063": "a function in [plain] must have the shape that its use wants",
    "E064": "a wrapper's function must have the shape that the wrapper's kind wants",
    "E070": "a library has a [library] table",
    "E071": "libraries that are rendered together have names and prefixes of their own",
    "E072": "a library beside another one has the same error codes",
    "E080": "an operator calls a function that exists",
    "E081": "operators need [operators], which names their class and the handle that it holds",
    "E082": "an operator's function takes handles, and returns one new or shared",
    "E083": "what an operator says of a parameter, it says of one that is there and of the right type",
    "E084": "a symbol is one of the language's, and fits the number of operands",
    "E085": "a parameter behind one with a default has a default",
    "E086": "a function on handles either has an operator or is listed as having none",
    "E087": "what is called where a parameter is absent takes the others",
    "E088": "a fast way must be one that the function allows",
    "E089": "names and symbols of operators are unique",
    "E090": "derivatives need [derivatives], and it needs [operators]",
    "E091": "a function that computes a handle from handles says its derivative",
    "E092": "a derivative is that of one handle by others",
    "E093": 'a derivative has a formula or "none" for each handle that is taken, and for nothing else',
    "E094": "a formula must parse",
    "E095": "a formula is written as it prints",
    "E096": "names in a formula are known, used, and stand for one thing",
    "E097": "a formula calls functions that exist, with the arguments that they take",
    "E098": "each part of a formula gives what is wanted there",
    "E099": "what is discrete has no derivative",
}


@dataclass(frozen=True)
class Diagnostic:
    at: Location
    width: int  # of the caret, at least 1
    code: str  # "E014"
    text: str  # "unknown type `tensr` (rt_torch_sum_dim, parameter `x`)"
    hint: str  # "did you mean `tensor`?", "" when there is none


class Diagnostics:
    """The errors found so far, and the sources they are shown with."""

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []
        self._silent: frozenset[str] = frozenset()
        self._lines: dict[str, list[str]] = {}

    def add_source(self, path: str, text: str) -> None:
        self._lines[path] = text.splitlines()

    def error(self, at: Location, code: str, text: str, hint: str = "", width: int = 1) -> None:
        if code not in RULES:
            raise ValueError(f"{code} is no rule")
        found = Diagnostic(at, max(width, 1), code, text, hint)
        if code not in self._silent and found not in self._found:
            self._found.append(found)

    @contextmanager
    def leaving_out(self, codes: Iterable[str]) -> Iterator[None]:
        """Do not report what merely follows from an error that is already there."""
        before, self._silent = self._silent, self._silent | frozenset(codes)
        try:
            yield
        finally:
            self._silent = before

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def found(self) -> list[Diagnostic]:
        return sorted(self._found, key=lambda d: (d.at.path, d.at.line, d.at.column, d.code))

    def render(self) -> str:
        return "".join(self._render_one(diagnostic) for diagnostic in self.found)

    def _render_one(self, diagnostic: Diagnostic) -> str:
        at = diagnostic.at
        head = f"{at.path}:{at.line}:{at.column}: {diagnostic.code} {diagnostic.text}\n"
        lines = self._lines.get(at.path, [])
        if not 1 <= at.line <= len(lines):
            return head + (f"  {diagnostic.hint}\n" if diagnostic.hint else "")
        line = lines[at.line - 1].replace("\t", " ")
        shown = line.lstrip()
        indent = at.column - 1 - (len(line) - len(shown))
        width = min(diagnostic.width, max(len(line) - at.column + 1, 1))
        marker = " " * max(indent, 0) + "^" * width
        hint = f"  {diagnostic.hint}" if diagnostic.hint else ""
        return f"{head}  {shown}\n  {marker}{hint}\n"


def did_you_mean(word: str, candidates: Iterable[str], prefix: str = "") -> str:
    """A suggestion in words, or what there is to choose from when nothing is close and the choice is small.

    A prefix that all the names have makes none of them closer."""
    known = sorted({name.removeprefix(prefix) for name in candidates})
    close = difflib.get_close_matches(word.removeprefix(prefix), known, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{prefix}{close[0]}`?"
    if 0 < len(known) <= 8:
        return "known: " + ", ".join(f"`{prefix}{name}`" for name in known)
    return ""
