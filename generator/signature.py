"""Signatures: `(x: tensor, dim: i64?) -> (values: tensor, indices: tensor)`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.diagnostics import did_you_mean
from generator.model import Kind, Param, Result, Signature, Type

PLAIN_KINDS = {kind.value: kind for kind in Kind if kind not in (Kind.HANDLE, Kind.TEXT, Kind.ENUM)}

_TOKEN = re.compile(r"\s*(->|[A-Za-z_][A-Za-z0-9_]*|[():,?\[\]])")


class SignatureError(Exception):
    """What is wrong, and where in the text."""

    def __init__(self, code: str, text: str, offset: int, width: int = 1, hint: str = "", subject: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.offset = offset
        self.width = width
        self.hint = hint
        self.subject = subject  # "parameter `x`"; "" when it is about the signature as a whole
        self.others: tuple[SignatureError, ...] = ()  # what else is wrong with the same signature


def parse_signature(text: str, kinds: Mapping[str, Kind]) -> Signature:
    """Parse the one way in which a signature is written; `kinds` says what each type's name stands for."""
    parser = _Parser(text, kinds)
    signature = parser.signature()
    if parser.errors:
        first, *others = parser.errors
        first.others = tuple(others)
        raise first
    if str(signature) != text:
        offset = next((i for i, (a, b) in enumerate(zip(text, str(signature), strict=False)) if a != b), 0)
        raise SignatureError("E013", "the signature is not written as it prints", offset, 1, f"write `{signature}`")
    return signature


class _Parser:
    def __init__(self, text: str, kinds: Mapping[str, Kind]) -> None:
        self.text = text
        self.kinds = kinds
        self.errors: list[SignatureError] = []  # those after which parsing goes on
        self.tokens = self._split()
        self.position = 0
        self.seen: set[str] = set()
        self.subject = ""

    def _split(self) -> list[tuple[str, int]]:
        tokens = []
        offset = 0
        while self.text[offset:].strip():
            match = _TOKEN.match(self.text, offset)
            if match is None:
                at = offset + len(self.text[offset:]) - len(self.text[offset:].lstrip())
                raise SignatureError("E012", f"unexpected `{self.text[at]}`", at)
            tokens.append((match.group(1), match.start(1)))
            offset = match.end()
        return [*tokens, ("", len(self.text))]

    def _fail(self, expected: str) -> SignatureError:
        token, offset = self.tokens[self.position]
        found = f"found `{token}`" if token else "found the end"
        return SignatureError("E012", f"expected {expected}, {found}", offset, len(token), "", self.subject)

    def _accept(self, token: str) -> bool:
        if self.tokens[self.position][0] != token:
            return False
        self.position += 1
        return True

    def _expect(self, token: str) -> None:
        if not self._accept(token):
            raise self._fail(f"`{token}`")

    def _name(self, what: str) -> tuple[str, int]:
        token, offset = self.tokens[self.position]
        if not token.isidentifier():
            raise self._fail(what)
        self.position += 1
        return token, offset

    def signature(self) -> Signature:
        """As far as it can be read; what is wrong with it is in `errors`."""
        try:
            return self._signature()
        except SignatureError as error:
            self.errors.append(error)
            return Signature((), ())

    def _signature(self) -> Signature:
        self._expect("(")
        params = tuple(Param(name, type_, "") for name, type_ in self._named_types("parameter"))
        results: tuple[Result, ...] = ()
        if self._accept("->"):
            if self._accept("("):
                results = tuple(Result(name, type_) for name, type_ in self._named_types("result"))
                if not results:
                    raise SignatureError(
                        "E012", "no results between the parentheses", self.tokens[self.position - 1][1]
                    )
            else:
                self.subject = "the result"
                results = (Result("", self._type()),)
        if self.tokens[self.position][0]:
            raise self._fail("the end")
        return Signature(params, results)

    def _named_types(self, what: str) -> list[tuple[str, Type]]:
        named: list[tuple[str, Type]] = []
        if self._accept(")"):
            return named
        while True:
            self.subject = ""
            name, offset = self._name(f"a {what}'s name")
            self.subject = f"{what} `{name}`"
            if name in self.seen:
                self.errors.append(SignatureError("E015", f"the name `{name}` is used twice", offset, len(name)))
            self.seen.add(name)
            self._expect(":")
            named.append((name, self._type()))
            if self._accept(")"):
                return named
            self._expect(",")

    def _type(self) -> Type:
        is_list = self._accept("[")
        name, offset = self._name("a type")
        if name not in self.kinds:
            hint = did_you_mean(name, self.kinds)
            error = SignatureError("E014", f"unknown type `{name}`", offset, len(name), hint, self.subject)
            self.errors.append(error)
        if is_list:
            self._expect("]")
        return Type(name, self.kinds.get(name, Kind.I64), is_list, self._accept("?"))
