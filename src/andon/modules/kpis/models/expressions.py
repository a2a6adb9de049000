"""Formulas that people write: arithmetic over named sums, read without trusting any of it.

Only numbers, names, ``+ - * /``, parentheses, ``min``, ``max``, ``abs`` and ``kpi("CODE")`` are
let through, all of it bounded, before ``simpleeval`` computes it in Decimals. Dividing by zero
and asking for what has no data give no data.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, DecimalException, localcontext
from functools import lru_cache
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from simpleeval import InvalidExpression, SimpleEval

LONGEST, DEEPEST, MOST_PARTS = 500, 25, 300
DIGITS = 15
KPI = "kpi"
FUNCTIONS: dict[str, Callable[..., Any]] = {"min": min, "max": max, "abs": abs}
OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
_KNOWN_NODES = (
    ast.BinOp, ast.UnaryOp, ast.Name, ast.Constant, ast.Call, ast.Load, *OPERATORS,
)  # fmt: skip


class WrongFormulaError(ValueError):
    """A formula that cannot be taken, with a sentence that says why."""


class NoDataError(ArithmeticError):
    """Something that the formula needs has no data in this period."""


@dataclass(frozen=True)
class Parsed:
    """A formula that is safe to compute; a division at the top makes it a ratio."""

    over: ast.expr
    under: ast.expr | None
    names: frozenset[str]
    kpis: frozenset[str]

    @property
    def is_ratio(self) -> bool:
        return self.under is not None

    @property
    def adds_up(self) -> bool:
        """Whether the sides of places may be added: each is a weighted sum of names."""
        sides = [self.over] if self.under is None else [self.over, self.under]
        return all(_is_sum(side) for side in sides)


@lru_cache(maxsize=512)
def parse(text: str) -> Parsed:
    """Return the formula; raise :class:`WrongFormulaError` when it is not plain arithmetic."""
    tree = _tree(text)
    for number, (node, depth) in enumerate(_walk(tree)):
        if number >= MOST_PARTS or depth > DEEPEST:
            raise WrongFormulaError(_("This formula is too deep or too long; split it up."))
        _check(node)
    called = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    _refuse_stray_text(tree, called)
    functions = {id(node.func) for node in called}
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in functions}
    kpis = {_code(node) for node in called if _called(node) == KPI}
    if not names and not kpis:
        raise WrongFormulaError(_("Name at least one sum or KPI; a number alone never changes."))
    over, under = _sides(tree)
    return Parsed(over, under, frozenset(names), frozenset(kpis))


def _tree(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise WrongFormulaError(_("A formula has at most %d characters.") % LONGEST)
    if not text.isascii() or not text.replace("\n", " ").replace("\r", " ").isprintable():
        raise WrongFormulaError(_("Use plain letters, numbers and + - * / ( ) only."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(f"({text.strip()}\n)", mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise WrongFormulaError(
            _("This cannot be read as arithmetic. Write it like: scrapped / produced")
        ) from None
    return tree


def _walk(tree: ast.AST) -> Iterator[tuple[ast.AST, int]]:
    """Yield every part with its depth, without recursion."""
    waiting: list[tuple[ast.AST, int]] = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in ast.iter_child_nodes(node))


def _check(node: ast.AST) -> None:
    if not isinstance(node, _KNOWN_NODES):
        raise WrongFormulaError(
            _("Only names, numbers, + - * / and parentheses, min, max, abs and kpi are known.")
        )
    if isinstance(node, ast.Call):
        _check_call(node)
    if isinstance(node, ast.Constant) and not isinstance(node.value, str):
        _check_number(node.value)


def _check_call(node: ast.Call) -> None:
    name = _called(node)
    if node.keywords or not node.args or name not in {KPI, *FUNCTIONS}:
        raise WrongFormulaError(_("Only min, max, abs and kpi can be called, as in min(a, b)."))
    if name == KPI:
        _code(node)
    elif name == "abs" and len(node.args) != 1:
        raise WrongFormulaError(_("abs takes one number."))


def _refuse_stray_text(tree: ast.AST, called: list[ast.Call]) -> None:
    codes = {id(node.args[0]) for node in called if _called(node) == KPI}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in codes:
            raise WrongFormulaError(_("Text stands only in kpi, with the code of a KPI."))


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _code(node: ast.Call) -> str:
    """Return the code that ``kpi("CODE")`` names."""
    first = node.args[0] if len(node.args) == 1 else None
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        raise WrongFormulaError(_('Name a KPI by its code in quotes: kpi("SCRAP").'))
    return first.value


def _check_number(value: object) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or abs(value) >= 10**DIGITS:  # type: ignore[arg-type]
        raise WrongFormulaError(_("Numbers have at most %d digits.") % DIGITS)


def _sides(tree: ast.expr) -> tuple[ast.expr, ast.expr | None]:
    """Take a division at the top apart, if what it divides by is more than a number."""
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div) and not _is_number(tree.right):
        return tree.left, tree.right
    return tree, None


def _is_number(node: ast.AST) -> bool:
    return not any(isinstance(part, ast.Name | ast.Call) for part in ast.walk(node))


def _is_sum(node: ast.expr) -> bool:
    """Return whether the sum over places is the same before and after this part."""
    if isinstance(node, ast.Name):
        return True
    if isinstance(node, ast.UnaryOp):
        return _is_sum(node.operand)
    if not isinstance(node, ast.BinOp):
        return False
    if isinstance(node.op, ast.Add | ast.Sub):
        return _is_sum(node.left) and _is_sum(node.right)
    if isinstance(node.op, ast.Mult) and _is_number(node.left):
        return _is_sum(node.right)
    return _is_sum(node.left) and _is_number(node.right)


class _Arithmetic(SimpleEval):
    """The calculator, with the parts of the language that are needed, in Decimals."""

    _parts: ClassVar[tuple[type[ast.AST], ...]] = (ast.Name, ast.UnaryOp, ast.BinOp, ast.Call)

    def __init__(self, names: Mapping[str, Decimal], kpi: Callable[[str], Decimal]) -> None:
        super().__init__(operators=OPERATORS, functions={**FUNCTIONS, KPI: kpi}, names=dict(names))
        known: dict[type[ast.AST], Any] = vars(self)["nodes"]  # all that the library knows
        self.nodes = {part: known[part] for part in self._parts} | {ast.Constant: _exact}


def _exact(node: ast.Constant) -> Any:
    return node.value if isinstance(node.value, str) else Decimal(str(node.value))


def compute(
    side: ast.expr, names: Mapping[str, Decimal], kpi: Callable[[str], Decimal]
) -> Decimal | None:
    """Return one side of a formula; None where something has no data or is divided by zero."""
    with localcontext() as context:
        context.prec = 28
        try:
            result = _Arithmetic(names, kpi).eval("", previously_parsed=side)
        except (DecimalException, ArithmeticError, InvalidExpression):
            return None
    return result if isinstance(result, Decimal) and result.is_finite() else None
