"""The templates of what the program says, read from its source: what is said is what has to be translated.

A template is the text of a message with its values as {0}, {1}, … in order. It is looked for where refusals and
findings are made: in the arguments of the errors of ours, of ``Finding`` and of the small functions that wrap them, and
in texts that are given a name by which they get there (``message``, ``hint``, …).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from miaobi import errors

ROOT = Path(errors.__file__).parent
RAISED = {name for name in vars(errors) if name.endswith("Error")} | {"BusyError", "CannotBeError", "UnavailableError"}
MAKERS = RAISED | {"Finding", "_finding", "_error", "_fault", "Fault", "remark", "say", "said", "agreed", "Download"}
NAMED = {"message", "said", "reason", "hint", "legal", "note", "better", "nearest", "why", "problem", "what"}
LABELLED = {"label", "row", "table", "progress", "_pens"}
PASSED = {"message", "suggestion", "hint"}


def templates(*places: str) -> dict[str, str]:
    """Return every template under *places* (files or folders of the package), with where it stands first."""
    found: dict[str, str] = {}
    for place in places:
        path = ROOT / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            for line, text in _of(_parsed(file)):
                found.setdefault(text, f"{file.relative_to(ROOT)}:{line}")
    return found


def labels(*places: str) -> set[str]:
    """Return the labels under *places*: what is given to a function that shows one, a table's columns, pairs' heads."""
    return {text for place in places for node in _nodes(place) for text in _texts_of(_labels(node))}


def steps(*places: str) -> set[str]:
    """Return the names of steps under *places* that are one word: what a desk is told to say."""
    return {text for place in places for node in _nodes(place) for text in _texts_of(_steps(node))}


def constants(*places: str) -> set[str]:
    """Return all texts that stand in the source under *places*."""
    return {text for place in places for node in _nodes(place) for text in _constant(node)}


def _nodes(place: str) -> Iterator[ast.AST]:
    path = ROOT / place
    for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
        yield from ast.walk(_parsed(file))


@cache
def _parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def _constant(node: ast.AST) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _texts_of(given: list[ast.expr]) -> list[str]:
    variants = [variant for one in given for variant in _variants(one)]
    return [text for one in variants for text in _constant(one)]


def _labels(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in LABELLED:
            return first.elts if isinstance(first, ast.List) else [first]
        case ast.Assign(targets=[ast.Name(id="columns")], value=ast.List(elts=heads)):
            return heads
        case ast.List(elts=pairs):
            return [pair.elts[0] for pair in pairs if isinstance(pair, ast.Tuple) and len(pair.elts) == 2]
    return []


def _steps(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Call(func=ast.Attribute(attr="say", value=desk), args=[first, *_]) if "desk" in ast.unparse(desk):
            return [first]
    return []


def _of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in MAKERS:
                given = [*node.args, *(k.value for k in node.keywords if k.arg in PASSED)]
            elif name in ("append", "__init__") and len(node.args) <= 2:
                given = [a for a in node.args if isinstance(a, ast.JoinedStr)]
        elif isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(t, ast.Name) and t.id in NAMED for t in targets):
                given = [node.value]
        for one in given:
            for variant in _variants(one):
                text = template(variant)
                if is_sentence(text):
                    yield node.lineno, text


def is_sentence(text: str) -> bool:
    """Tell a message from a name, a value, or a text that is Chinese already."""
    plain = "".join(part for i, part in enumerate(text.replace("}", "{").split("{")) if i % 2 == 0)
    letters = sum(c.isascii() and c.isalpha() for c in plain)
    markup = text.lstrip().startswith(("<", "#", "text("))
    chinese = any("\u4e00" <= c <= "\u9fff" for c in plain[:4])
    return letters > 3 and " " in text.strip() and not markup and not chinese


def _variants(node: ast.expr) -> list[ast.expr]:
    return [*_variants(node.body), *_variants(node.orelse)] if isinstance(node, ast.IfExp) else [node]


def template(node: ast.expr) -> str:
    """Return the text of an expression with holes for what isn't constant; neighbouring holes are one."""
    text, holes = "", 0
    for part in _parts(node):
        if part is not None:
            text += part
        elif not text.endswith("}"):
            text += f"{{{holes}}}"
            holes += 1
    return text


def _parts(node: ast.expr) -> list[str | None]:
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            return [v.value if isinstance(v, ast.Constant) else None for v in values]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _parts(left) + _parts(right)
    return [None]
