"""The documents are finished, and what they point to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "examples/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def document(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def without_code(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def relative_links(text: str) -> list[str]:
    """Targets of links and images, in Markdown and in HTML, that are files and not addresses or places in the page."""
    found = re.findall(r"\]\(\s*<?([^)\s>]+)", text)
    found += re.findall(r"^\[[^\]]+\]:\s*<?([^\s>]+)", text, re.MULTILINE)
    found += re.findall(r"""(?:src|srcset|href)=["']([^"']+)["']""", text)
    return [target.partition("#")[0] for target in found if not re.match(r"[a-z][a-z+.-]*:|#", target)]


def test_no_placeholder_is_left(document: Path) -> None:
    assert re.findall(r"@[A-Z][A-Z0-9_]*@", document.read_text(encoding="utf-8")) == []


def test_relative_links_point_to_files(document: Path) -> None:
    links = relative_links(without_code(document.read_text(encoding="utf-8")))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_links_are_recognised() -> None:
    text = '[a](one.md#x) ![b](two.svg) [c](https://x.y) [d](#here) <img src="three.png">\n[e]: four.md\n`[f](no)`\n'
    assert relative_links(without_code(text)) == ["one.md", "two.svg", "four.md", "three.png"]
