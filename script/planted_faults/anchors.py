"""Where a fault goes: one line in a function, found by its name in the syntax tree of the product."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from script.planted_faults.fault import Fault

PACKAGES = ("accounts", "patients", "dosing", "analytics", "tacsle_site")
Function = ast.FunctionDef | ast.AsyncFunctionDef


class CannotPlantError(Exception):
    """The anchor of a fault is not exactly one line, or the line with the fault is no other program."""


@dataclass(frozen=True)
class Place:
    """A line of a file, counted from 1; path is relative to the root."""

    path: Path
    line: int


@dataclass(frozen=True)
class _Definition:
    """Something with a name, its decorators included, from its first to its last line."""

    names: frozenset[str]
    first: int
    last: int


@dataclass(frozen=True)
class _Source:
    path: Path
    lines: list[str]
    definitions: list[_Definition]


class Product:
    """The product's modules under a root, read and parsed once. Migrations are left out."""

    def __init__(self, root: Path) -> None:
        self._sources = [_source(root, path) for path in _modules(root)]

    def place_of(self, fault: Fault) -> Place:
        """The line that the fault is planted in. Raises CannotPlantError unless there is exactly one."""
        found = {place for source in self._sources for place in _places(source, fault)}
        if len(found) != 1:
            where = ", ".join(sorted(f"{place.path}:{place.line}" for place in found)) or "nowhere"
            raise CannotPlantError(f"{fault.id}: {fault.was!r} in {' or '.join(fault.within)} is {where}")
        return found.pop()


def with_fault(text: str, line: int, fault: Fault) -> str:
    """The module with the fault in a line. Raises CannotPlantError where the program stays what it was."""
    lines = text.splitlines(keepends=True)
    before = lines[line - 1]
    lines[line - 1] = _changed(before, fault)
    after = "".join(lines)
    try:
        same = ast.dump(ast.parse(after)) == ast.dump(ast.parse(text))
    except SyntaxError as error:
        raise CannotPlantError(f"{fault.id}: the line would not compile: {error}") from error
    if same:
        raise CannotPlantError(f"{fault.id}: the line with the fault means the same as before")
    return after


def _modules(root: Path) -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def _source(root: Path, path: Path) -> _Source:
    text = path.read_text(encoding="utf-8")
    definitions = list(_definitions(ast.parse(text).body, ""))
    return _Source(path.relative_to(root), text.splitlines(), definitions)


def _definitions(body: list[ast.stmt], prefix: str, *, is_function: bool = False) -> Iterator[_Definition]:
    """Functions and classes at any depth, and what is assigned outside of functions."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            yield _definition(prefix, [node.name], first, node)
            inner = isinstance(node, Function)
            yield from _definitions(node.body, f"{prefix}{node.name}.", is_function=inner)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and not is_function:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
            yield _definition(prefix, names, node.lineno, node)


def _definition(prefix: str, names: list[str], first: int, node: ast.stmt) -> _Definition:
    every = frozenset([*names, *(f"{prefix}{name}" for name in names)])
    return _Definition(every, first, node.end_lineno or node.lineno)


def _places(source: _Source, fault: Fault) -> Iterator[Place]:
    for definition in source.definitions:
        if definition.names.isdisjoint(fault.within):
            continue
        for number in range(definition.first, definition.last + 1):
            if _times(source.lines[number - 1], fault):
                yield Place(source.path, number)


def _times(line: str, fault: Fault) -> int:
    return len(re.findall(fault.was, line)) if fault.is_pattern else line.count(fault.was)


def _changed(line: str, fault: Fault) -> str:
    if _times(line, fault) != 1:
        raise CannotPlantError(f"{fault.id}: {fault.was!r} is there {_times(line, fault)} times in one line")
    if fault.is_pattern:
        return re.sub(fault.was, fault.becomes, line)
    return line.replace(fault.was, fault.becomes)
