"""The tables of ISO 2859-1 and Z1.4: code letters, cells, and arrows followed to a plan.

The numbers are data (``data/iso2859-1.json``); where they come from and how sure each part is
stands beside them (``data/iso2859-1-sources.json``).
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

from andon.stats.inputs import ArgumentError, one_of, real, whole

RuleSet: TypeAlias = Literal["ISO 2859-1:1999", "ANSI Z1.4"]
Rows: TypeAlias = Mapping[str, list[str | None]]

ISO: RuleSet = "ISO 2859-1:1999"
Z14: RuleSet = "ANSI Z1.4"
_RULE_SETS: dict[str, RuleSet] = {ISO: ISO, "iso1999": ISO, Z14: Z14, "z14": Z14}
_ARROWS = {"down": 1, "up": -1}
_SMALLEST_LOT = 2


@cache
def table_data(name: str) -> dict[str, Any]:
    """The JSON file ``name`` of this package as a dict, which nobody may change."""
    text = files("andon.stats.sampling").joinpath("data", name).read_text("utf-8")
    return dict(json.loads(text))


def rule_set(value: object, name: str) -> RuleSet:
    """The rule set meant by its full or short name, else ArgumentError."""
    return _RULE_SETS[one_of(value, tuple(_RULE_SETS), name)]


def aql_column(aql: object) -> int:
    """The column of the tables for ``aql``, else ArgumentError: nobody interpolates AQLs."""
    known = table_data("iso2859-1.json")["aql"]
    refused = ArgumentError("aql", "must be one of " + ", ".join(known))
    try:
        wanted = real(float(aql) if isinstance(aql, str) else aql, "aql")
    except ValueError:
        raise refused from None
    values = [float(text) for text in known]
    if wanted not in values:
        raise refused
    return values.index(wanted)


def lot_range(lot_size: object) -> tuple[int, int, int | None]:
    """The row of the table of code letters for ``lot_size``, with its first and last lot size."""
    size = whole(lot_size, "lot_size")
    if size < _SMALLEST_LOT:
        raise ArgumentError("lot_size", "must be 2 or more; inspect every item of a smaller lot")
    ranges = table_data("iso2859-1.json")["lot_size_ranges"]
    row = max(i for i, (first, _) in enumerate(ranges) if first <= size)
    return row, ranges[row][0], ranges[row][1]


def code_letter(lot_size: int, level: str = "II") -> str:
    """The sample size code letter, the same for every severity of inspection.

    Parameters
    ----------
    lot_size : int
        Items in the lot, 2 or more.
    level : str
        Inspection level: S-1 to S-4 (special) or I to III (general).

    Returns
    -------
    str
        A to R, without I and O.

    Raises
    ------
    ValueError
        For a lot below 2 items (inspect every item), or an unknown level.

    References
    ----------
    .. [1] ISO 2859-1:1999, ANSI/ASQ Z1.4: sample size code letters.

    Examples
    --------
    >>> code_letter(1200), code_letter(1201), code_letter(1201, "S-4")
    ('J', 'K', 'G')
    """
    data = table_data("iso2859-1.json")
    column = one_of(level, tuple(data["inspection_levels"]), "level")
    row = data["code_letter_by_lot_and_level"][lot_range(lot_size)[0]]
    return str(row[data["inspection_levels"].index(column)])


def single_rows(severity: str, rules: RuleSet) -> Rows:
    """The single plans of one severity: cells ``Ac/Re`` and arrows by letter and AQL."""
    rows: Rows = table_data("iso2859-1.json")["single"][table_key(severity, rules)]
    if rules == ISO:
        return rows
    departures = table_data("iso2859-1-sources.json")["z14_departures"].get(severity, {})
    changed = {letter: list(rows[letter]) for letter in departures}
    for letter, cells in departures.items():
        for aql, cell in cells.items():
            changed[letter][aql_column(aql)] = cell
    return {**rows, **changed}


def table_key(severity: str, rules: RuleSet) -> str:
    """The name of a severity's tables: only reduced inspection differs between rule sets."""
    return "reduced_z14" if severity == "reduced" and rules == Z14 else severity


def follow_arrows(rows: Rows, letter: str, column: int) -> tuple[list[str], str]:
    """The letters passed on the way to a plan, the plan's own last, and its cell."""
    letters = list(rows)
    path = [letter]
    while (cell := rows[path[-1]][column]) in _ARROWS:
        path.append(letters[letters.index(path[-1]) + _ARROWS[cell]])
    return path, str(cell)
