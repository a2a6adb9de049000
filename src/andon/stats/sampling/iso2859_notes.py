"""What a plan tells people: how it was found, and how sure its numbers are."""

from itertools import pairwise

from andon.stats.sampling.iso2859_stages import Cell, Stage
from andon.stats.sampling.tables import ISO, lot_range, table_data
from andon.stats.sentences import Sentence, gettext_noop, number

COMPARE = Sentence(
    "derived",
    gettext_noop(
        "This cell follows from the verified columns 1.0, 4.0 and 10 of the table of reduced "
        "inspection, and was not seen in a copy of ISO 2859-1. Compare it with a licensed copy."
    ),
)
ARGUED = Sentence(
    "unverified",
    gettext_noop(
        "This cell of reduced inspection (letters A and B, AQL 25 and above) rests on an argument "
        "and was not seen in a copy of ISO 2859-1. Compare it with a licensed copy."
    ),
)
DOUBLE_OF_Z14 = Sentence(
    "z14_numbers",
    gettext_noop(
        "The numbers of this double plan are those of Z1.4; they were not compared with a copy of "
        "ISO 2859-1."
    ),
)
ONE_SOURCE = Sentence(
    "one_source", gettext_noop("The numbers of multiple plans come from one source only.")
)
FULL_INSPECTION = Sentence(
    "full_inspection",
    gettext_noop("The sample would be as large as the lot: inspect every item."),
)
LOT_EXHAUSTED = Sentence(
    "lot_exhausted",
    gettext_noop("The lot is smaller than all samples together: the last one takes what is left."),
)


def steps(lot_size: int, level: str, aql: str, path: list[str]) -> tuple[Sentence, ...]:
    """The way from the lot to the plan, one sentence for each move."""
    return (
        _range_sentence(lot_size, level, path[0]),
        *(_arrow(aql, here, there) for here, there in pairwise(path)),
    )


def _range_sentence(lot_size: int, level: str, letter: str) -> Sentence:
    _, first, last = lot_range(lot_size)
    values = {"level": level, "letter": letter, "first": number(first)}
    if last is None:
        text = gettext_noop("Lots of %(first)s items and more at level %(level)s: %(letter)s.")
        return Sentence.of("code_letter", text, **values)
    text = gettext_noop("Lots of %(first)s to %(last)s items at level %(level)s: %(letter)s.")
    return Sentence.of("code_letter", text, last=number(last), **values)


def _arrow(aql: str, here: str, there: str) -> Sentence:
    text = (
        gettext_noop("Letter %(here)s → %(there)s because the table points down at AQL %(aql)s.")
        if there > here
        else gettext_noop("Letter %(here)s → %(there)s because the table points up at AQL %(aql)s.")
    )
    return Sentence.of("arrow", text, here=here, there=there, aql=aql)


def task(stages: list[Stage], lot_size: int) -> Sentence:
    """What the inspector does with this lot."""
    first, values = stages[0], {"n": number(stages[0].n), "lot": number(lot_size)}
    if len(stages) > 1:
        text = gettext_noop(
            "Take up to %(stages)s samples, the first of %(n)s of %(lot)s items; "
            "after each compare all that was found so far."
        )
        return Sentence.of("task", text, stages=str(len(stages)), **values)
    text = gettext_noop(
        "Inspect %(n)s of %(lot)s items; accept with %(ac)s or fewer, do not accept with %(re)s "
        "or more."
    )
    return Sentence.of("task", text, ac=str(first.ac), re=str(first.re), **values)


def other_kind(asked: str, given: str, cell: Cell) -> tuple[Sentence, ...]:
    """Why the plan has fewer samples than asked for, if it does."""
    if asked == given:
        return ()
    values = {"asked": asked, "given": given}
    if cell.rules == ISO and (asked == "multiple" or cell.severity == "reduced"):
        text = gettext_noop(
            "The %(asked)s plans of this edition of ISO 2859-1 are not in the data (no public copy "
            "was found), so this is the %(given)s plan."
        )
        return (Sentence.of("absent", text, **values),)
    text = gettext_noop("The table has no %(asked)s plan here and refers to the %(given)s plan.")
    return (Sentence.of("other_kind", text, **values),)


def verification(cell: Cell, kind: str) -> tuple[str, Sentence | None]:
    """How sure the numbers of a plan are, as a word and, if not verified, a warning."""
    if kind == "multiple":
        return "one source", ONE_SOURCE
    if cell.rules != ISO or (kind == "single" and cell.severity != "reduced"):
        return "verified", None
    if kind == "double":
        return "Z1.4 numbers", DOUBLE_OF_Z14
    sources = table_data("iso2859-1-sources.json")
    argued = sources["single_reduced_unverified"]
    if cell.letter in argued["letters"] and float(cell.aql) >= argued["aql_from"]:
        return "unverified", ARGUED
    if cell.aql in sources["single_reduced_verified_columns"]:
        return "verified", None
    return "derived", COMPARE


def changed_pair(cell: Cell) -> Sentence | None:
    """The double plan that the 1999 edition is said to have instead, if it changed this one."""
    recalled = table_data("iso2859-1.json")["double_iso1999_unverified"]
    changed = recalled["differs_from_z14_by_single_ac"].get(cell.single.partition("/")[0])
    if changed is None:
        return None
    text = gettext_noop(
        "ISO 2859-1:1999 is said to have Ac %(ac1)s and %(ac2)s, Re %(re1)s and %(re2)s here "
        "(recalled, not verified). Compare with a licensed copy before use."
    )
    first_ac, first_re, ac, re = map(str, changed)
    return Sentence.of("unverified", text, ac1=first_ac, ac2=ac, re1=first_re, re2=re)
