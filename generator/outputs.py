"""Everything that is rendered: one table of path, template and view."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from generator.abi import Abi
from generator.c_view import bodies_view, header_view, shim_view, symbols_view
from generator.conformance import conformance
from generator.docs_view import UpstreamVersion, group_view, index_view, read_versions, used_groups
from generator.output import Output
from generator.python_view import files as python_files

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

# {name} is the library's name.
TABLE: tuple[tuple[str, str, Callable[[Abi], Any]], ...] = (
    ("c/{name}.h", "c/header.j2", header_view),
    ("c/{name}_symbols.h", "c/symbols.j2", symbols_view),
    ("c/{name}_bodies.h", "c/bodies.j2", bodies_view),
    ("c/{name}.c", "c/shim.j2", shim_view),
)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # nothing here is HTML
    )


def render(template: str, view: Any) -> str:
    return _environment().get_template(template).render(vars(view))


def outputs(abi: Abi, specs: Path) -> list[Output]:
    """Every file that belongs below the folder of generated files, in a fixed order."""
    name = abi.library.name
    return [
        *(Output(path.format(name=name), render(template, view(abi))) for path, template, view in TABLE),
        Output(f"conformance/{name}.json", conformance(abi)),
        *_docs(abi, read_versions(specs, abi.library)),
        *(Output(path, render(template, view)) for path, template, view in python_files(abi)),
    ]


def _docs(abi: Abi, versions: tuple[UpstreamVersion, ...]) -> list[Output]:
    folder = f"docs/{abi.library.name}"
    pages = [Output(f"{folder}/index.md", render("docs/index.j2", index_view(abi, versions)))]
    for group in used_groups(abi.library):
        pages.append(Output(f"{folder}/{group}.md", render("docs/group.j2", group_view(abi, group, versions))))
    return pages
