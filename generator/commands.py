"""What each command does."""

from __future__ import annotations

import difflib
import os
import pprint
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator import abi_lock, files
from generator.abi import Abi, AbiFunction, lower
from generator.diagnostics import did_you_mean
from generator.model import Function, Library
from generator.output import Output
from generator.outputs import outputs
from generator.spec import load_libraries
from generator.spec_words import name_problem

STAGES = ("spec", "model", "abi", "c", "python")


class Refused(Exception):
    """The command cannot be carried out; the text says why."""


@dataclass(frozen=True)
class Book:
    """A folder of specs, and the library that it describes."""

    specs: Path
    library: Library


def shown(path: Path) -> str:
    """A path as messages call it: relative where it is below the current folder."""
    relative = os.path.relpath(path)
    return Path(path if relative.startswith("..") else relative).as_posix()


def read(folders: Sequence[Path]) -> list[Book]:
    """The libraries of these folders; Refused with everything that is wrong with them."""
    for folder in folders:
        if not folder.is_dir():
            raise Refused(f"no folder {shown(folder)}")
    libraries, diagnostics = load_libraries({folder: shown(folder) for folder in folders})
    if diagnostics:
        count = len(diagnostics.found)
        raise Refused(f"{diagnostics.render()}{count} error{'s' if count != 1 else ''}")
    return [Book(folder, library) for folder, library in zip(dict.fromkeys(folders), libraries, strict=True)]


def render(book: Book, out: Path) -> tuple[Abi, list[Output]]:
    abi = lower(book.library)
    if out.exists() and not out.is_dir():
        raise Refused(f"{shown(out)} is no folder")
    return abi, outputs(abi, book.specs)


@dataclass(frozen=True)
class Rendered:
    """What the specs say should be there: the files, which libraries share a folder for, and a lock for each library."""

    outputs: list[Output]
    functions: int
    locks: list[tuple[Path, abi_lock.Lock]]  # each with the specs that it stands beside


def render_all(books: Sequence[Book], out: Path) -> Rendered:
    """Refused where one of the locks is broken."""
    abis, rendered = [], []
    for book in books:
        abi, files_of_one = render(book, out)
        abis.append(abi)
        rendered += files_of_one
    locks = [(book.specs, abi_lock.read_lock(book.specs, abi)) for book, abi in zip(books, abis, strict=True)]
    broken = [(abi_lock.lock_path(specs), problem) for specs, lock in locks for problem in lock.broken()]
    if broken:
        listed = "\n".join(f"{shown(path)}: {problem}" for path, problem in broken)
        raise Refused(f"{listed}\n{abi_lock.REMEDY}")
    return Rendered(rendered, sum(len(abi.functions) for abi in abis), locks)


def gen(books: Sequence[Book], out: Path, *, dry_run: bool, verbose: bool) -> int:
    rendered = render_all(books, out)
    differences = files.compare(out, rendered.outputs)
    kinds = {difference.path: difference.kind for difference in differences}
    if not dry_run:
        files.write(out, rendered.outputs, differences)
    for output in rendered.outputs:
        if output.path in kinds:
            print(f"{'would write' if dry_run else 'wrote'} {shown(out / output.path)}")
        elif verbose:
            print(f"unchanged {shown(out / output.path)}")
    for extra in (difference.path for difference in differences if difference.kind == "extra"):
        print(f"extra {shown(out / extra)}: nothing renders it any more; delete it")
    changed = [_update_lock(specs, lock, dry_run) for specs, lock in rendered.locks]
    if not kinds and not any(changed):
        print(f"{len(rendered.outputs)} files are up to date")
    return 0


def _update_lock(specs: Path, lock: abi_lock.Lock, dry_run: bool) -> bool:
    """Whether there is anything to change."""
    path = abi_lock.lock_path(specs)
    new, stale = lock.missing(), lock.stale()
    for line in stale:
        print(f"{'would take' if dry_run else 'took'} out of {shown(path)}, as no commit has it: {line}")
    if new:
        print(f"{'would add' if dry_run else 'added'} {len(new)} to {shown(path)}")
    if (new or stale) and not dry_run:
        files.replace_text(path, abi_lock.rewritten(specs, lock))
    return bool(new or stale)


def check(books: Sequence[Book], out: Path, *, verbose: bool) -> int:
    rendered = render_all(books, out)
    differences = files.compare(out, rendered.outputs)
    for difference in differences:
        print(f"{difference.kind}: {shown(out / difference.path)}")
        print(difference.diff, end="")
    outdated = [_compare_lock(specs, lock) for specs, lock in rendered.locks]
    if verbose and not differences:
        for output in rendered.outputs:
            print(f"same: {shown(out / output.path)}")
    if differences or any(outdated):
        print("run `python -m generator gen`, and look at what changes")
        return 1
    print(f"{len(rendered.outputs)} generated files and {rendered.functions} functions are as the specs say")
    return 0


def _compare_lock(specs: Path, lock: abi_lock.Lock) -> bool:
    """Whether it is not as the specs say."""
    path = abi_lock.lock_path(specs)
    new, stale = lock.missing(), lock.stale()
    for line in new:
        print(f"not in {shown(path)}: {line}")
    for line in stale:
        print(f"in {shown(path)}, and no longer so: {line}")
    return bool(new or stale)


def list_functions(books: Sequence[Book], group: str | None) -> int:
    if group is not None:
        _refuse_unknown_group([book.library for book in books], group)
    functions = [f for book in books for f in book.library.functions if group in (None, f.group)]
    width = max((len(f.symbol) for f in functions), default=0)
    group_width = max((len(f.group) for f in functions), default=0)
    for function in functions:
        print(f"{function.symbol:<{width}}  {function.group:<{group_width}}  {function.signature}")
    return 0


def _refuse_unknown_group(libraries: Sequence[Library], group: str) -> None:
    groups = list(dict.fromkeys(name for library in libraries for name in library.groups))
    if group not in groups:
        close = difflib.get_close_matches(group, groups, n=1)
        hint = f"did you mean `{close[0]}`? " if close else ""
        raise Refused(f"no group `{group}`; {hint}There are: {', '.join(groups)}")


def _the_one(name: str, books: Sequence[Book], has: Callable[[Book], bool]) -> Book | None:
    """The library that has it; Refused where several have something of that name."""
    found = [book for book in books if has(book)]
    if len(found) > 1:
        listed = " or ".join(f"`{book.library.prefix}{name}`" for book in found)
        raise Refused(f"`{name}` can be of several libraries: write {listed}")
    return found[0] if found else None


def find(books: Sequence[Book], name: str) -> tuple[Book, Function]:
    for book in books:
        for function in book.library.functions:
            if function.symbol == name:
                return book, function
    one = _the_one(name, books, lambda book: any(f.name == name for f in book.library.functions))
    if one is not None:
        return one, next(f for f in one.library.functions if f.name == name)
    prefix = next((book.library.prefix for book in books if name.startswith(book.library.prefix)), "")
    named = [prefix + f.name for book in books for f in book.library.functions if prefix in ("", book.library.prefix)]
    raise Refused(f"no function `{name}`; {did_you_mean(name, named, prefix) or '`list` lists them'}")


def show(books: Sequence[Book], out: Path, name: str, stage: str) -> int:
    book, function = find(books, name)
    library = book.library
    abi, rendered = render(book, out)
    lowered = next(f for f in abi.functions if f.symbol == function.symbol)
    texts = {output.path: output.text for output in rendered}
    if stage == "spec":
        print(_spec_entry(book.specs, function))
    elif stage == "model":
        print(pprint.pformat(function, width=118))
    elif stage == "abi":
        print("\n".join([_abi_entry(lowered), *_derivative_lines(function)]))
    elif stage == "c":
        print(_c_entry(texts, library.name, function.symbol))
    else:
        print(_python_entry(texts, function))
    return 0


def _spec_entry(specs: Path, function: Function) -> str:
    lines = (specs / f"{function.group}.toml").read_text(encoding="utf-8").splitlines()
    entry = [lines[function.at.line - 1]]
    for line in lines[function.at.line :]:
        if line.startswith(("[", "#")) and not line.startswith(f"[fn.{function.symbol}."):
            break
        entry.append(line)
    return "\n".join(entry).rstrip()


def _abi_entry(function: AbiFunction) -> str:
    lines = [f"{function.prototype};", ""]
    width = max((len(param.declaration) for param in function.params), default=0)
    for param in function.params:
        origin = f" of `{param.origin}: {param.spec_type}`" if param.origin else f" of {param.spec_type}"
        lines.append(f"  {param.declaration:<{width}}  {param.part.value}{origin}")
    failure = f", {function.failure} on failure" if function.failure else ""
    return "\n".join([*lines, f"  returns {function.returns.value}{failure}"])


def _derivative_lines(function: Function) -> list[str]:
    if function.derivative is None:
        return []
    lines = ["", "  derivative" if function.derivative.formulas else "  not differentiable"]
    for formula in function.derivative.formulas:
        *names, value = formula.lines
        lines += [f"    by {formula.input}: {value}", *(f"      where {name}" for name in names)]
    return lines + [f"    by {name}: none" for name in function.derivative.none if function.derivative.formulas]


def _c_entry(texts: dict[str, str], library: str, symbol: str) -> str:
    """The function's comment and prototype in the header, and the whole of it in the shim."""
    pattern = rf"[^\n]*\b{symbol}\("
    header = re.search(rf"/\*\*(?:(?!\*/).)*\*/\n{pattern}[^;]*;", texts[f"c/{library}.h"], re.DOTALL)
    shim = re.search(rf"^{pattern}[^;{{]*\n\{{\n.*?^\}}", texts[f"c/{library}.c"], re.DOTALL | re.MULTILINE)
    return "\n\n".join(match.group() for match in (header, shim) if match)


def _python_entry(texts: dict[str, str], function: Function) -> str:
    """The typed function, from the module that holds them all, and its derivative's formulas."""
    name = function.name
    for path, text in texts.items():
        if path.endswith("/functions.py"):
            match = re.search(rf"^def {re.escape(name)}\(.*?(?=^\S(?!\s*->)(?<!\))|\Z)", text, re.DOTALL | re.MULTILINE)
            if match:
                return "\n\n\n".join([match.group().rstrip(), *_formula_functions(texts, function)])
    raise Refused(f"no Python function for `{name}` is rendered")


def _formula_functions(texts: dict[str, str], function: Function) -> list[str]:
    """The functions that compute its gradients."""
    formulas = function.derivative.formulas if function.derivative else ()
    module = next((text for path, text in texts.items() if path.endswith("/gradients.py")), "")
    names = [re.escape(f"_{function.name}_{formula.input}") for formula in formulas]
    found = [re.search(rf"^def {name}\(.*?(?=\n\n\n)", module, re.DOTALL | re.MULTILINE) for name in names]
    return [match.group() for match in found if match]


def new(books: Sequence[Book], name: str, group: str | None, *, dry_run: bool) -> int:
    book = next((book for book in books if name.startswith(book.library.prefix)), None)
    if book is None:
        book = _the_one(name, books, lambda book: group is None or group in book.library.groups) or books[0]
    library = book.library
    symbol = name if name.startswith(library.prefix) else library.prefix + name
    problem = name_problem(symbol.removeprefix(library.prefix), reserved=frozenset())
    if problem:
        raise Refused(problem)
    if any(f.symbol == symbol for f in library.functions):
        raise Refused(f"`{symbol}` is there already; `show {symbol} --stage spec` shows it")
    if group is None:
        raise Refused("which group? `--group` with one of: " + ", ".join(library.groups))
    _refuse_unknown_group([library], group)
    file = book.specs / f"{group}.toml"
    entry = _skeleton(symbol, library)
    if dry_run:
        print(entry, end="")
        return 0
    before = file.read_text(encoding="utf-8").rstrip("\n") + "\n\n" if file.exists() else ""
    files.replace_text(file, before + entry)
    print(f"added {symbol} to {shown(file)}: fill in what says TODO, then `python -m generator gen`")
    return 0


def _skeleton(symbol: str, library: Library) -> str:
    lines = [f"[fn.{symbol}]", f"since   = {library.abi}"]
    if library.handles:
        handle = library.handles[0].name
        lines += [f'sig     = "(x: {handle}) -> {handle}"', 'result  = "new"']
    else:
        lines += ['sig     = "() -> i64"']
    quoting = [style.name for style in library.styles if style.kind == "schema"]
    how = f'{quoting[0]:<7} = "TODO: its schema"' if quoting else 'body    = "TODO"'
    lines += ['summary = "TODO."', how, "cases   = []"]
    if library.interface and library.derivatives:
        lines += ["", f"[fn.{symbol}.derivative]", 'x = "TODO: in terms of grad, result and x; or none"']
    return "\n".join([*lines, ""])
