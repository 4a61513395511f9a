"""A text in the notation, the places in it, and what is said of them."""

from __future__ import annotations

import re
import unicodedata

from rt_torch.errors import SDNError

_SHOWN = 100  # characters of a line that a message shows
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]|\r(?!\n)")


class Source:
    """A text, and where it comes from."""

    __slots__ = ("name", "text")

    name: str  # "dl.config.sdn"
    text: str

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a character, from 1 on."""
        return self.text.count("\n", 0, at) + 1, at - self._line_start(at) + 1

    def message(self, at: int, problem: str) -> str:
        """file:line:column and the problem, the line, and a caret under the character."""
        line, column = self.place(at)
        shown, before = self._shown(at)
        return f"{self.name}:{line}:{column}: {problem}\n  {shown}\n  {''.join(map(_blank, shown[:before]))}^"

    def error(self, at: int, problem: str) -> SDNError:
        return SDNError(self.message(at, problem), self.name, *self.place(at))

    def check_characters(self) -> None:
        """That nothing is in the text which none may have, wherever it stands.

        Raises:
            SDNError: A control character or half of a character is.
        """
        found = _FORBIDDEN.search(self.text)
        if found is None:
            return
        if found[0] == "\r":
            raise self.error(found.start(), "a carriage return is followed by a line feed, and here it is not")
        name = f"U+{ord(found[0]):04X}"
        if found[0] >= "\ud800":
            raise self.error(found.start(), f"{name} is half of a character, which no text has")
        raise self.error(found.start(), f"{name} stands here: a text in quotes has control characters as \\u{name[2:]}")

    def _line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _shown(self, at: int) -> tuple[str, int]:
        """The line, or the part of it that is around a character, and how many characters are before this."""
        start = self._line_start(at)
        end = self.text.find("\n", at)
        line = self.text[start : len(self.text) if end < 0 else end]
        before = at - start
        first = max(0, min(before - _SHOWN // 2, len(line) - _SHOWN))
        shown = line[first : first + _SHOWN].rstrip("\r")
        shown = "".join(character if character.isprintable() or character == "\t" else "?" for character in shown)
        left, right = "..." if first else "", "..." if first + _SHOWN < len(line) else ""
        return f"{left}{shown}{right}", before - first + len(left)


def _blank(character: str) -> str:
    """What is as wide as a character where each is as wide as any other, but those of East Asia twice as wide."""
    if character == "\t":
        return character
    if unicodedata.category(character) in ("Mn", "Me"):  # it is drawn over the one before it
        return ""
    return "  " if unicodedata.east_asian_width(character) in "WF" else " "
