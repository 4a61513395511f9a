"""Signatures, schemas and prototypes: what parses, and that it prints back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.model import Kind, Location, Param, Result, Signature, Type
from generator.prototype import PrototypeError, declare_parameter, parse_prototype
from generator.schema import SchemaError, parse_schema
from generator.signature import PLAIN_KINDS, SignatureError, parse_signature

KINDS = {**PLAIN_KINDS, "thing": Kind.HANDLE, "unit": Kind.TEXT, "colour": Kind.ENUM}

names = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
types = st.builds(
    lambda name, is_list, optional: Type(name, KINDS[name], is_list, optional),
    st.sampled_from(sorted(KINDS)),
    st.booleans(),
    st.booleans(),
)
params = st.lists(st.builds(lambda n, t: Param(n, t, ""), names, types), max_size=5, unique_by=lambda p: p.name)
several = st.lists(st.builds(Result, names, types), min_size=1, max_size=3, unique_by=lambda r: r.name)
results = st.one_of(st.just([]), st.builds(lambda t: [Result("", t)], types), several)


@st.composite
def signatures(draw: st.DrawFn) -> Signature:
    taken = draw(params)
    given_back = draw(results)
    used = {param.name for param in taken}
    return Signature(tuple(taken), tuple(r for r in given_back if r.name not in used))


@given(signatures())
def test_a_signature_parses_back_to_itself(signature: Signature) -> None:
    text = str(signature)
    parsed = parse_signature(text, KINDS)
    assert parsed == signature
    assert str(parsed) == text


@given(st.text(alphabet="()[]?:,-> xthingi64_;\n", max_size=30))
def test_any_text_parses_exactly_or_is_an_error_inside_it(text: str) -> None:
    try:
        assert str(parse_signature(text, KINDS)) == text
    except SignatureError as error:
        assert 0 <= error.offset <= len(text)


@pytest.mark.parametrize(
    ("text", "offset", "code"),
    [
        ("", 0, "E012"),
        ("(x: thing", 9, "E012"),
        ("(x: [i64)", 8, "E012"),
        ("(x: thing,)", 10, "E012"),
        ("(x: nothing)", 4, "E014"),
        ("(x: i64, x: i64)", 9, "E015"),
        ("( x: i64)", 1, "E013"),
        ("() -> (a: i64, a: i64)", 15, "E015"),
    ],
)
def test_errors_point_at_the_place(text: str, offset: int, code: str) -> None:
    with pytest.raises(SignatureError) as caught:
        parse_signature(text, KINDS)
    assert (caught.value.offset, caught.value.code) == (offset, code)


def test_all_errors_of_a_signature_come_at_once() -> None:
    with pytest.raises(SignatureError) as caught:
        parse_signature("(x: tensr, x: thign, y: i46) -> things, z", KINDS)
    found = [caught.value, *caught.value.others]
    assert [(error.code, error.offset) for error in found] == [
        ("E014", 4),
        ("E015", 11),
        ("E014", 14),
        ("E014", 24),
        ("E014", 32),
        ("E012", 38),
    ]


def test_schema() -> None:
    schema = parse_schema(
        "grow.by(Thing(a!) self, int[2]? size, *, float f=-1.5, str s='a, b') -> (Thing(a!), int[] r)"
    )
    assert (schema.name, schema.overload) == ("grow", "by")
    assert [(a.type, a.name, a.default, a.keyword_only) for a in schema.args] == [
        ("Thing", "self", None, False),
        ("int[2]?", "size", None, False),
        ("float", "f", "-1.5", True),
        ("str", "s", "'a, b'", True),
    ]
    assert schema.returns == ("Thing", "int[]")


@pytest.mark.parametrize("text", ["", "grow", "grow(", "grow() ->", "grow()", "grow(int) -> Thing", "1() -> Thing"])
def test_bad_schemas(text: str) -> None:
    with pytest.raises(SchemaError):
        parse_schema(text)


@pytest.mark.parametrize(
    "text",
    [
        "int32_t (void *thing, int64_t *ret)",
        "const char *(void)",
        "unsigned long (unsigned long sum, const unsigned char *buffer, unsigned int length)",
        "void (void *data, void (*deleter)(void *data, void *context), const char *const *names)",
    ],
)
def test_a_prototype_prints_back(text: str) -> None:
    prototype = parse_prototype("f", text, Location("", 1, 1))
    listed = ", ".join(declare_parameter(c_type, name) for c_type, name in prototype.params) or "void"
    assert f"{prototype.result}{'' if prototype.result.endswith('*') else ' '}({listed})" == text


@pytest.mark.parametrize("text", ["", "int", "int (", "int (void *)", "int (int a", "int (int a))", "int (int a,)"])
def test_bad_prototypes(text: str) -> None:
    with pytest.raises(PrototypeError):
        parse_prototype("f", text, Location("", 1, 1))
