"""Laying out anew: what moves, what stays, and that values and comments are the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import example, given, settings

import rt_torch as rt
from rt_torch import sdn
from tests.sdn.values import anything, equal, values

BEFORE = """\ufeff

# top
name:   demo   # behind \r
a:

  # of b
  b: 1


  # of c
  c: {x: [1,
      2], # in brackets

    y: 3}
 # less deep
d:
- x
-   y: 1
    z:
     - deep
t |id, name|
 1, Ada  # row
    # of the table
# the end
"""

AFTER = """\
# top
name:   demo   # behind
a:

    # of b
    b: 1

    # of c
    c: {x: [1,
        2], # in brackets

      y: 3}
    # less deep
d:
    - x
    - y: 1
      z:
          - deep
t |id, name|
    1, Ada  # row
    # of the table
# the end
"""


def test_a_text_before_and_after() -> None:
    before = BEFORE.replace("\r", "")
    assert sdn.laid_out(before) == sdn.laid_out(before.replace("\n", "\r\n")) == AFTER
    assert sdn.laid_out(AFTER) == AFTER
    assert equal(sdn.parse(AFTER), sdn.parse(before))
    assert sdn.laid_out("") == sdn.laid_out("\n\n") == ""
    with pytest.raises(rt.ArgumentTypeError, match=r"rt\.sdn\.laid_out: argument `text`: a text is expected; given 5"):
        sdn.laid_out(5)  # type: ignore[arg-type]  # that is what is tried


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a:\n      # of b\n  b: 1\n", "a:\n    # of b\n    b: 1\n"),
        ("t |a|\n      # of the row\n  1\n", "t |a|\n    # of the row\n    1\n"),
        ("-\n      # of b\n   b: 1\n", "-\n  # of b\n  b: 1\n"),
    ],
)
def test_comments_in_front_of_a_block_are_in_it(text: str, made: str) -> None:
    assert sdn.laid_out(text) == sdn.laid_out(made) == made


@settings(max_examples=150, deadline=None)
@given(values)
def test_what_was_written_is_laid_out_well(value: Any) -> None:
    text = sdn.to_string(value)
    assert sdn.laid_out(text) == text


@settings(max_examples=300, deadline=None)
@given(anything)
@example("a: 1\r\r\n")
def test_any_text(text: str) -> None:
    try:
        value = sdn.parse(text)
    except rt.SDNError:
        with pytest.raises(rt.SDNError):
            sdn.laid_out(text)
        return
    made = sdn.laid_out(text)
    assert equal(sdn.parse(made), value) and sdn.laid_out(made) == made
    if '"' not in text and "'" not in text:  # all that looks like a comment is one
        assert [found.strip() for found in re.findall("#.*", made)] == [
            found.strip() for found in re.findall("#.*", text)
        ]
