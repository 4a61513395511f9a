"""What each command does."""

from __future__ import annotations

import difflib
import os
import pprint
import re
from dataclasses import dataclass
from pathlib import Path

from generator import abi_lock, files
from generator.abi import Abi, AbiFunction, lower
from generator.diagnostics import did_you_mean
from generator.model import Function, Library
from generator.output import Output
from generator.outputs import outputs
from generator.spec import load_library
from generator.spec_words import name_problem

STAGES = ("spec", "model", "abi", "c", "python")


class Refused(Exception):
    """The command cannot be carried out; the text says why."""


@dataclass(frozen=True)
class Place:
    specs: Path  # the folder of specs
    out: Path  # the folder of generated files


def shown(path: Path) -> str:
    """A path as messages call it: relative where it is below the current folder."""
    relative = os.path.relpath(path)
    return Path(path if relative.startswith("..") else relative).as_posix()


def read(place: Place) -> Library:
    if not place.specs.is_dir():
        raise Refused(f"no folder {shown(place.specs)}")
    library, diagnostics = load_library(place.specs, shown(place.specs))
    if library is None:
        count = len(diagnostics.found)
        raise Refused(f"{diagnostics.render()}{count} error{'s' if count != 1 else ''}")
    return library


def render(place: Place, library: Library) -> tuple[Abi, list[Output]]:
    abi = lower(library)
    if place.out.exists() and not place.out.is_dir():
        raise Refused(f"{shown(place.out)} is no folder")
    return abi, outputs(abi, place.specs)


def gen(place: Place, library: Library, *, dry_run: bool, verbose: bool) -> int:
    abi, rendered = render(place, library)
    path = abi_lock.lock_path(place.specs)
    lock = abi_lock.read_lock(place.specs, abi)
    _refuse_broken(path, lock)
    differences = files.compare(place.out, rendered)
    kinds = {difference.path: difference.kind for difference in differences}
    if not dry_run:
        files.write(place.out, rendered, differences)
    for output in rendered:
        if output.path in kinds:
            print(f"{'would write' if dry_run else 'wrote'} {shown(place.out / output.path)}")
        elif verbose:
            print(f"unchanged {shown(place.out / output.path)}")
    for extra in (difference.path for difference in differences if difference.kind == "extra"):
        print(f"extra {shown(place.out / extra)}: nothing renders it any more; delete it")
    new, stale = lock.missing(), lock.stale()
    for line in stale:
        print(f"{'would take' if dry_run else 'took'} out of {shown(path)}, as no commit has it: {line}")
    if new:
        print(f"{'would add' if dry_run else 'added'} {len(new)} to {shown(path)}")
    if (new or stale) and not dry_run:
        files.replace_text(path, abi_lock.rewritten(place.specs, lock))
    if not kinds and not new and not stale:
        print(f"{len(rendered)} files are up to date")
    return 0


def _refuse_broken(path: Path, lock: abi_lock.Lock) -> None:
    problems = lock.broken()
    if problems:
        listed = "\n".join(f"{shown(path)}: {problem}" for problem in problems)
        raise Refused(f"{listed}\n{abi_lock.REMEDY}")


def check(place: Place, library: Library, *, verbose: bool) -> int:
    abi, rendered = render(place, library)
    path = abi_lock.lock_path(place.specs)
    lock = abi_lock.read_lock(place.specs, abi)
    _refuse_broken(path, lock)
    differences = files.compare(place.out, rendered)
    for difference in differences:
        print(f"{difference.kind}: {shown(place.out / difference.path)}")
        print(difference.diff, end="")
    new, stale = lock.missing(), lock.stale()
    for line in new:
        print(f"not in {shown(path)}: {line}")
    for line in stale:
        print(f"in {shown(path)}, and no longer so: {line}")
    if verbose and not differences:
        for output in rendered:
            print(f"same: {shown(place.out / output.path)}")
    if differences or new or stale:
        print("run `python -m generator gen`, and look at what changes")
        return 1
    print(f"{len(rendered)} generated files and {len(abi.functions)} functions are as the specs say")
    return 0


def list_functions(library: Library, group: str | None) -> int:
    if group is not None:
        _refuse_unknown_group(library, group)
    functions = [f for f in library.functions if group in (None, f.group)]
    width = max((len(f.symbol) for f in functions), default=0)
    group_width = max((len(f.group) for f in functions), default=0)
    for function in functions:
        print(f"{function.symbol:<{width}}  {function.group:<{group_width}}  {function.signature}")
    return 0


def _refuse_unknown_group(library: Library, group: str) -> None:
    if group not in library.groups:
        close = difflib.get_close_matches(group, library.groups, n=1)
        hint = f"did you mean `{close[0]}`? " if close else ""
        raise Refused(f"no group `{group}`; {hint}There are: {', '.join(library.groups)}")


def find(library: Library, name: str) -> Function:
    known = {f.symbol: f for f in library.functions} | {f.name: f for f in library.functions}
    if name not in known:
        prefix = library.prefix if name.startswith(library.prefix) else ""
        hint = did_you_mean(name, [prefix + f.name for f in library.functions], prefix)
        raise Refused(f"no function `{name}`; {hint or '`list` lists them'}")
    return known[name]


def show(place: Place, library: Library, name: str, stage: str) -> int:
    function = find(library, name)
    abi, rendered = render(place, library)
    lowered = next(f for f in abi.functions if f.symbol == function.symbol)
    texts = {output.path: output.text for output in rendered}
    if stage == "spec":
        print(_spec_entry(place, function))
    elif stage == "model":
        print(pprint.pformat(function, width=118))
    elif stage == "abi":
        print("\n".join([_abi_entry(lowered), *_derivative_lines(function)]))
    elif stage == "c":
        print(_c_entry(texts, library.name, function.symbol))
    else:
        print(_python_entry(texts, function))
    return 0


def _spec_entry(place: Place, function: Function) -> str:
    lines = (place.specs / f"{function.group}.toml").read_text(encoding="utf-8").splitlines()
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


def new(place: Place, library: Library, name: str, group: str | None, *, dry_run: bool) -> int:
    symbol = name if name.startswith(library.prefix) else library.prefix + name
    problem = name_problem(symbol.removeprefix(library.prefix), reserved=frozenset())
    if problem:
        raise Refused(problem)
    if any(f.symbol == symbol for f in library.functions):
        raise Refused(f"`{symbol}` is there already; `show {symbol} --stage spec` shows it")
    if group is None:
        raise Refused("which group? `--group` with one of: " + ", ".join(library.groups))
    _refuse_unknown_group(library, group)
    file = place.specs / f"{group}.toml"
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
