"""Mutants of a module: its source with one operator, number, call or branch changed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
_CALLED = {
    "min": "max", "max": "min", "any": "all", "all": "any", "floor": "ceil", "ceil": "floor",
    "argmax": "argmin", "argmin": "argmax", "minimum": "maximum", "maximum": "minimum",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A change: its line, what changes in words, and which node of the module it is."""

    line: int
    what: str
    node: int


_Change = tuple[str, Callable[[ast.AST], None]]


def mutants(source: str) -> list[Mutant]:
    """All mutants of a module's source, in the order of its lines.

    Texts, annotations, decorators and what is raised stay: nobody relies on them being exact.
    """
    found = [
        Mutant(node.lineno, what, number)  # type: ignore[attr-defined]
        for number, node in enumerate(_nodes(ast.parse(source)))
        for what, _ in _changes(node)
    ]
    return sorted(found, key=lambda mutant: (mutant.line, mutant.node))


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """The changed module."""
    tree = ast.parse(source)
    node = _nodes(tree)[mutant.node]
    next(change for what, change in _changes(node) if what == mutant.what)(node)
    return ast.fix_missing_locations(tree)


def _nodes(tree: ast.AST) -> list[ast.AST]:
    """Every node that may be changed, in a fixed order."""
    found = []
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list") or isinstance(tree, ast.Raise):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_declaration(child):
                found.append(child)
                found.extend(_nodes(child))
    return found


def _is_declaration(node: ast.AST) -> bool:
    """Imports, texts for readers, and names of types."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message"


def _changes(node: ast.AST) -> Iterator[_Change]:
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                other = _COMPARED[type(operator)]
                yield (
                    f"{_word(operator)} to {_word(other())} ({place})",
                    _put("ops", place, other()),
                )
        case ast.BoolOp():
            other_op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield f"{_word(node.op)} to {_word(other_op)}", _set("op", other_op)
        case ast.BinOp() | ast.AugAssign() if type(node.op) in _COMPUTED:
            new = _COMPUTED[type(node.op)]()
            yield f"{_word(node.op)} to {_word(new)}", _set("op", new)
        case ast.UnaryOp(op=ast.Not()):
            yield "not to nothing", _become_operand
        case ast.UnaryOp(op=ast.USub()):
            yield "minus to plus", _set("op", ast.UAdd())
        case ast.Constant(value=bool()):
            yield f"{node.value} to {not node.value}", _set("value", not node.value)
        case ast.Constant(value=int() | float()):
            yield f"{node.value} to {node.value + 1}", _set("value", node.value + 1)
        case ast.Name() if node.id in _CALLED:
            yield f"{node.id} to {_CALLED[node.id]}", _set("id", _CALLED[node.id])
        case ast.Attribute() if node.attr in _CALLED:
            yield f"{node.attr} to {_CALLED[node.attr]}", _set("attr", _CALLED[node.attr])
        case ast.Expr(value=ast.Call()):
            yield "call left out", _set("value", ast.Constant(None))
        case ast.If() | ast.IfExp() | ast.While():
            yield "condition to false", _set("test", ast.Constant(False))


def _word(operator: ast.AST) -> str:
    return type(operator).__name__


def _set(field: str, value: object) -> Callable[[ast.AST], None]:
    return lambda node: setattr(node, field, value)


def _put(field: str, place: int, value: object) -> Callable[[ast.AST], None]:
    def change(node: ast.AST) -> None:
        getattr(node, field)[place] = value

    return change


def _become_operand(node: ast.AST) -> None:
    """``not x`` becomes ``not not x``."""
    assert isinstance(node, ast.UnaryOp)
    node.operand = ast.UnaryOp(ast.Not(), node.operand)
