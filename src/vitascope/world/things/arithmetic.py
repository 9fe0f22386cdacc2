"""Numbers in recipe files may be written as small sums over named parameters. A closed evaluator, never Python's own."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Mapping

from vitascope.recipe import RecipeError

__all__ = ["number"]

_LONGEST = 80
_LARGEST = 1e6
_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
_CALLS = {"min": min, "max": max}


def number(value: object, names: Mapping[str, object], where: str) -> float:
    """The finite number that `value` (a number, or text of + - * / min max, brackets and parameter names) stands for.

    Raises RecipeError, beginning with `where`, for anything else and for results beyond a million.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise RecipeError(f"{where} must be a number or a sum such as 'height / 2', not {value!r}.")
    result = _of_text(value, names, where) if isinstance(value, str) else float(value)
    if not math.isfinite(result) or abs(result) > _LARGEST:
        raise RecipeError(f"{where} comes to {result:g}; numbers up to {_LARGEST:.0f} are allowed.")
    return result


def _of_text(text: str, names: Mapping[str, object], where: str) -> float:
    if len(text) > _LONGEST:
        raise RecipeError(f"{where} has a sum of {len(text)} characters; {_LONGEST} are allowed.")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        raise RecipeError(
            f"{where} has {text!r}, which is not a sum; use + - * / min max, brackets and names."
        ) from None
    return _of_node(tree.body, names, f"{where} has {text!r}, where")


def _of_node(node: ast.expr, names: Mapping[str, object], where: str) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return float(node.value)
    if isinstance(node, ast.Name):
        named = names.get(node.id)
        if isinstance(named, bool) or not isinstance(named, (int, float)):
            known = ", ".join(sorted(n for n, v in names.items() if isinstance(v, (int, float)))) or "none"
            raise RecipeError(f"{where} {node.id!r} is not a number among the parameters ({known}).")
        return float(named)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _of_node(node.left, names, where), _of_node(node.right, names, where)
        if isinstance(node.op, ast.Div) and right == 0:
            raise RecipeError(f"{where} something is divided by zero.")
        return _OPERATORS[type(node.op)](left, right)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        inner = _of_node(node.operand, names, where)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS and node.args:
        if node.keywords:
            raise RecipeError(f"{where} {node.func.id} takes numbers only.")
        return _CALLS[node.func.id](_of_node(argument, names, where) for argument in node.args)
    raise RecipeError(f"{where} only + - * / min max, brackets, numbers and parameter names are allowed.")
