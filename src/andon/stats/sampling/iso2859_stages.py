"""The samples of a plan as the tables give them, and as a lot of a certain size allows them."""

from dataclasses import dataclass
from itertools import accumulate

from andon.stats.results import Value
from andon.stats.sampling.tables import ISO, RuleSet, single_rows, table_data, table_key


@dataclass(frozen=True, kw_only=True)
class Stage(Value):
    """One sample: its size, and the acceptance and rejection number for all found so far.

    ``ac`` is -1 where the lot cannot be accepted yet.
    """

    n: int
    ac: int
    re: int


@dataclass(frozen=True)
class Cell:
    """The cell of the tables that holds a plan, once arrows are followed."""

    rules: RuleSet
    severity: str
    letter: str
    column: int

    @property
    def key(self) -> str:
        return table_key(self.severity, self.rules)

    @property
    def aql(self) -> str:
        return str(table_data("iso2859-1.json")["aql"][self.column])

    @property
    def single(self) -> str:
        """Acceptance and rejection number of the single plan, ``Ac/Re``."""
        return str(single_rows(self.severity, self.rules)[self.letter][self.column])


def table_stages(kind: str, cell: Cell) -> tuple[str, list[Stage]]:
    """The kind of plan in ``cell`` with at most as many samples as asked, and its samples."""
    if kind == "multiple" and (stages := _multiple(cell)):
        return "multiple", stages
    if kind != "single" and (stages := _double(cell)):
        return "double", stages
    size = table_data("iso2859-1.json")["single"]["sample_size"][cell.key]
    ac, re = cell.single.split("/")
    return "single", [Stage(n=size[cell.letter], ac=int(ac), re=int(re))]


def in_lot(stages: list[Stage], lot_size: int) -> list[Stage]:
    """The samples as far as the lot reaches; the one that takes its last item decides."""
    last = stages[-1]
    taken = list(accumulate(stage.n for stage in stages))
    if taken[-1] < lot_size:
        return stages
    final = next(i for i, total in enumerate(taken) if total >= lot_size)
    rest = lot_size - (taken[final - 1] if final else 0)
    return [*stages[:final], Stage(n=rest, ac=last.ac, re=last.re)]


def _double(cell: Cell) -> list[Stage]:
    double = table_data("iso2859-1.json")["double_z14"]
    numbers = str(double[cell.key][cell.letter][cell.column]) if cell.key in double else ""
    if "/" not in numbers:
        return []
    size = double["sample_size_each_stage"][cell.key][cell.letter]
    first_ac, first_re, ac, re = (int(part) for part in numbers.split("/"))
    return [Stage(n=size, ac=first_ac, re=first_re), Stage(n=size, ac=ac, re=re)]


def _multiple(cell: Cell) -> list[Stage]:
    if cell.rules == ISO:
        return []
    multiple = table_data("iso2859-1.json")["multiple_z14"]
    reduced = cell.severity == "reduced"
    key = cell.single if reduced else cell.single.partition("/")[0]
    sizes = multiple["sample_size_each_stage"]["reduced_z14" if reduced else "normal_tightened"]
    if cell.letter not in sizes or key not in multiple[cell.key]:
        return []
    numbers = multiple[cell.key][key]
    pairs = zip(numbers["ac"], numbers["re"], strict=True)
    return [Stage(n=sizes[cell.letter], ac=ac, re=re) for ac, re in pairs]
