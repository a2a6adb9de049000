"""A real example of every page that is shown, in the filled demo factory."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import reverse

from andon.accounts.models import Site, User
from andon.lists.models import SavedView
from andon.modules.actions.models import (
    ActionItem,
    Cause,
    CorrectiveAction,
    LookAcross,
    ReportForm,
    TeamMember,
)
from andon.modules.analyses.models import Analysis
from andon.modules.improvements.models import ImprovementProject
from andon.modules.kpis.models import Kpi, Signal
from andon.modules.nonconformities.models import CostLine, DefectCode, Disposition, Nonconformity
from andon.modules.production.models import Arrival, Feed, ImportBatch, ImportJob, Output
from andon.organization import clock
from andon.organization.models import CostRate, Holiday, Item, Line, Party, Process, Shift
from andon.portal.desk.models import Intake, Source
from andon.portal.hooks.models import Webhook
from andon.portal.proof.models import Verification
from andon.portal.retention.models import Hold, Purge
from andon.records.models import Record
from andon.sheets.models import FormDesign, Sheet
from andon.signing.models import Signature
from andon.store.models import StoredFile
from andon.tasks.models import TaskRun
from andon.trail.services import audited
from tests.browser import imports, intakes, signatures

Which = Mapping[str, Any]
STRANGER, MANAGER, ADMINISTRATOR = "", "ana", "adam"


@dataclass(frozen=True)
class Place:
    """One page to visit: its route, how an example is found, and who looks at it."""

    route: str
    which: Callable[[], Which] = dict
    query: str | Callable[[], str] = ""
    who: str = MANAGER
    name: str = ""

    def __str__(self) -> str:
        query = self.query if isinstance(self.query, str) else ""
        return " ".join(filter(None, (self.route, self.name, query)))

    def address(self) -> str:
        """Return where it is; asks the database."""
        query = self.query if isinstance(self.query, str) else self.query()
        return reverse(self.route, kwargs=dict(self.which())) + query


def first(rows: Any, **wanted: Any) -> Any:
    """Return the newest row that fits; the demo must have one."""
    found = rows.filter(**wanted).order_by("-pk").first()
    assert found is not None, f"The demo has no {rows.model.__name__} with {wanted}."
    return found


def pk(model: Any, **wanted: Any) -> Callable[[], Which]:
    return lambda: {"pk": first(model.objects, **wanted).pk}


def number(kind: type[Record], **wanted: Any) -> Callable[[], Which]:
    return lambda: {"number": first(kind.objects, **wanted).number}


def step(kind: type[Record], name: str) -> Callable[[], Which]:
    """Return a record that stands before the step, or any other: the page says what is missing."""

    def which() -> Which:
        rows = kind.objects.filter(state__in=kind.workflow[name].sources)
        found = rows.order_by("-pk").first() or first(kind.objects)
        return {"number": found.number, "name": name}

    return which


def part(model: Any, as_name: str, **wanted: Any) -> Callable[[], Which]:
    """Return one line of a record, such as a cause of a corrective action."""

    def which() -> Which:
        found = first(model.objects, **wanted)
        return {"number": found.record.number, as_name: found.pk}

    return which


def at_work(kind: type[Record]) -> Callable[[], Which]:
    return number(kind, closed_date=None)


def of_kind(namespace: str, kind: type[Record], *states: str) -> Iterator[Place]:
    """Yield the pages that every kind of record has, and one record in each of ``states``."""
    yield Place(f"{namespace}:list")
    yield Place(f"{namespace}:list", query="?q=no-such-word")
    yield Place(f"{namespace}:list", query="?col=title&col=site&col=opened&order=due")
    yield Place(f"{namespace}:new")
    for state in states:
        yield Place(f"{namespace}:detail", number(kind, state=state), name=state)
    yield Place(f"{namespace}:edit", at_work(kind))
    yield Place(f"{namespace}:thread", number(kind))
    yield Place(f"{namespace}:history", number(kind))
    for transition in kind.workflow.transitions:
        yield Place(f"{namespace}:do", step(kind, transition.name), name=transition.name)


def of_list(name: str, model: Any, who: str = MANAGER) -> Iterator[Place]:
    """Yield the pages of a list kept under Set up."""
    yield Place(name, who=who)
    yield Place(f"{name}_new", who=who)
    yield Place(f"{name}_edit", pk(model), who=who)


def of_forms() -> Iterator[Place]:
    """Yield the designer, and a checklist before and after its sign-off."""
    fields: Which = {"key": "holding"}
    yield Place("packs:index")
    yield Place("designer:index")
    yield Place("designer:new")
    yield Place("designer:import")
    for page in ("design", "add", "preview", "publish", "retire"):
        yield Place(f"designer:{page}", pk(FormDesign, **fields))
    yield Place("designer:design", pk(FormDesign, use="checklist"), name="checklist")
    yield Place("designer:preview", pk(FormDesign, use="checklist"), name="checklist")
    yield Place("designer:question", lambda: {**pk(FormDesign, **fields)(), "key": "found_by"})
    yield Place("designer:version", lambda: {**pk(FormDesign, **fields)(), "number": 1})
    yield Place("checklists:fill", lambda: {**_signed(), "key": "hold_area"}, name="signed")
    yield Place("checklists:fill", lambda: {**_unsigned(), "key": "hold_area"}, name="open")
    yield Place("nonconformities:detail", _signed, name="with custom fields")
    yield Place("nonconformities:edit", _signed, name="with custom fields")


def _signed() -> Which:
    return {"number": first(Sheet.objects, signed_date__isnull=False).record.number}


def _unsigned() -> Which:
    rows = Nonconformity.objects.exclude(sheets__signed_date__isnull=False)
    return {"number": first(rows, closed_date=None).number}


def of_nonconformities() -> Iterator[Place]:
    states = ("reported", "decided", "closed", "void")
    yield from of_kind("nonconformities", Nonconformity, *states)
    yield Place("nonconformities:codes")
    yield Place("nonconformities:code", pk(DefectCode))
    for page in ("authorities", "pareto", "clusters", "holds", "concessions"):
        yield Place(f"nonconformities:{page}")
    for act in (
        "tag",
        "triage",
        "action",
        "list-lot",
        "contain",
        "sort",
        "dispose",
        "agree",
        "cost",
    ):
        wanted = number(Nonconformity, state="reported", category="product")
        yield Place(f"nonconformities:{act}", wanted)
    for act in ("withdraw", "carry-out", "verify", "approval"):
        yield Place(f"nonconformities:{act}", part(Disposition, "line"))
    yield Place("nonconformities:take-back-cost", part(CostLine, "line"))


def of_actions() -> Iterator[Place]:
    states = ("opened", "planned", "implemented", "effective", "not_effective")
    yield from of_kind("actions", CorrectiveAction, *states)
    for act in ("simple", "add-cause", "add-item", "promise-change", "promise-no-recurrence"):
        yield Place(f"actions:{act}", number(CorrectiveAction, state="opened"))
    for act in ("contrast", "join-team", "look-across", "report", "across", "timeline"):
        yield Place(f"actions:{act}", number(CorrectiveAction, state="opened"))
    told = number(CorrectiveAction, title__startswith="Shafts above")
    for view in ("fishbone", "whys"):
        yield Place("actions:tree", told, query=f"?view={view}")
    yield Place("actions:tree", number(CorrectiveAction, state="opened"), name="to edit")
    for form in ("PLAIN-8D", "AUTO-8D", "SHORT-4D"):
        yield Place("actions:eight-d", told, query=f"?form={form}")
    for act in ("across", "timeline"):
        yield Place(f"actions:{act}", told, name="told")
    yield Place("actions:edit-cause", part(Cause, "cause"))
    yield Place("actions:leave-team", part(TeamMember, "member"))
    yield Place("actions:look-again", part(LookAcross, "look"))
    yield Place("actions:prove-item", part(ActionItem, "item"))
    yield Place("actions:ask-supplier", part(ActionItem, "item", kind="supplier"))
    yield Place("actions:forms")
    yield Place("actions:form-new")
    yield Place("actions:form-edit", lambda: {"code": first(ReportForm.objects).code})
    for act in ("watch-longer", "judge-recurrence", "take-on"):
        yield Place(f"actions:{act}", number(CorrectiveAction, state="implemented"))
    yield Place("actions:succeed", number(CorrectiveAction, state="not_effective"))
    yield Place("actions:judge-cause", part(Cause, "cause"))
    for act in ("drop-item", "extend-item", "finish-item"):
        yield Place(f"actions:{act}", part(ActionItem, "item"))


def of_improvements() -> Iterator[Place]:
    yield from of_kind("improvements", ImprovementProject, "proposed", "confirmed")
    yield Place("improvements:goal", number(ImprovementProject, state="proposed"))


def of_analyses() -> Iterator[Place]:
    yield from of_kind("analyses", Analysis, "draft", "issued")
    yield Place("analyses:new", query="?kpi=SCRAP-PRS2")
    for method in ("capability", "grr", "effect", "lots"):
        yield Place("analyses:detail", number(Analysis, method=method), name=method)
    for method in ("capability", "grr", "effect", "lots"):
        yield Place("analyses:new", query=partial(_again, method), name=method)


def _again(method: str) -> str:
    return f"?again={first(Analysis.objects, method=method).number}"


def of_kpis() -> Iterator[Place]:
    yield from of_kind("kpis", Signal, "raised", "answered")
    yield Place("kpis:board")
    yield Place("kpis:wall", partial(dict, site="ABC1"), query="?hold=1")
    yield Place("kpis:wall-of-line", partial(dict, site="ABC1", line="PRS-2"), query="?hold=1")
    yield Place("kpis:define")
    yield Place("kpis:define", query="?ready=scrap_rate")
    yield Place("kpis:ready")
    yield Place("kpis:define", query="?ready=oee")
    for formula in ("scrap_rate", "downtime_rate", "copq"):
        yield Place("kpis:kpi", code(formula=formula), name=formula)
    yield Place("kpis:part", code(formula="copq"), query="?site=ABC1", name="of a site")
    yield Place("kpis:part", code(formula="copq"), query="?line=PRS-2", name="of a line")
    yield Place("kpis:behind", lambda: {**code(formula="copq")(), "start": "2026-10-01"})
    yield Place("kpis:kpi", lambda: {"code": first(Signal.objects).kpi.code}, name="with a signal")
    for act in ("redefine", "observe", "target", "note", "limits"):
        yield Place(f"kpis:{act}", code(formula="scrap_rate"))
    yield Place("kpis:observe", code(formula__in=("ratio", "value")), name="typed")
    yield Place("kpis:restate", lambda: {**code(formula="scrap_rate")(), "start": "2026-01-05"})


def code(**wanted: Any) -> Callable[[], Which]:
    return lambda: {"code": first(Kpi.objects, **wanted).code}


def of_production() -> Iterator[Place]:
    yield Place("production:overview")
    for kind in ("output", "scrap", "stops", "rework", "plan", "deliveries", "receipts"):
        yield Place("production:facts", partial(dict, kind=kind), name=kind)
    yield Place("production:record")
    yield Place("production:record", query=_a_shift, name="a shift", who="olga")
    yield Place("production:causes")
    yield Place("production:batches")
    yield Place("production:batch", pk(ImportBatch))
    yield Place("production:imports")
    yield Place("production:import-new")
    yield Place("production:feeds")
    yield Place("production:feed-new")
    yield Place("production:feed", pk(Feed))
    yield Place("production:arrivals")
    yield Place("production:arrival", pk(Arrival))
    for stage in imports.STAGES:
        # Who may go on with an import that is at work would move it on by looking.
        who = "aiko" if stage == "reading" else MANAGER
        yield Place(
            "production:import", pk(ImportJob, file_name=f"{stage}.csv"), name=stage, who=who
        )


def of_the_desk() -> Iterator[Place]:
    yield Place("desk:intakes")
    yield Place("desk:new")
    yield Place("desk:sources")
    yield Place("desk:source", pk(Source))
    for stage in intakes.STAGES:
        # The page of an import at work would go on by itself; nothing is left to be seen then.
        if intakes.STAGES[stage][2] not in {"read", "publish"}:
            yield Place("desk:intake", pk(Intake, file_name=f"{stage}.csv"), name=stage)
    for show in ("all", "out"):
        yield Place("desk:intake", pk(Intake, file_name="log-messy.csv"), query=f"?show={show}")


def _a_shift() -> str:
    newest = first(Output.objects, line__code="PRS-2")
    return f"?line={newest.line_id}&day={newest.day}&shift={newest.shift_id}&item={newest.item_id}"


def of_signing() -> Iterator[Place]:
    """Yield the dial, a record with signatures, one that waits, and the step to sign."""
    signed = number(Nonconformity, title=signatures.SIGNED)
    waiting = number(Nonconformity, title=signatures.WAITING)
    yield Place("signing:dial")
    yield Place("signing:dial", who=ADMINISTRATOR, name="only to look at")
    yield Place("signing:signature", pk(Signature, place=2))
    yield Place("nonconformities:detail", signed, name="signed")
    yield Place("nonconformities:detail", waiting, name="signed once")
    yield Place("nonconformities:do", lambda: {**waiting(), "name": "settle"}, name="to sign")


def of_assurance() -> Iterator[Place]:
    for edition in ("2015", "2026"):
        here = partial(dict, edition=edition)
        yield Place("assurance:map", here, name=edition)
        yield Place("assurance:blockers", here, name=edition)
    for number in ("4", "4.3", "7.1.5", "8.7", "9.1.1", "9.1.3", "10", "10.2"):
        yield Place("assurance:clause", partial(dict, edition="2015", number=number), name=number)
    yield Place("assurance:clause", partial(dict, edition="2026", number="10.2"), name="of 2026")
    for id in ("8.7.1-1", "10.2.1-a-1", "4.1-1"):  # noqa: A001
        yield Place("assurance:requirement", partial(dict, edition="2015", id=id), name=id)
        yield Place("assurance:assess", partial(dict, edition="2015", id=id), name=id)
    yield Place("assurance:changes")
    yield Place("assurance:documents")
    yield Place("assurance:terms")
    yield Place("assurance:terms", query="?q=nonconf")
    yield Place("assurance:term", partial(dict, key="nonconformity"))
    yield Place("assurance:principles")


def of_setup() -> Iterator[Place]:
    for who in (MANAGER, ADMINISTRATOR):
        yield Place("organization:index", who=who, name=who)
    yield Place("organization:settings")
    models = {"processes": Process, "items": Item, "parties": Party, "lines": Line}
    for name, model in {**models, "shifts": Shift, "holidays": Holiday, "rates": CostRate}.items():
        yield from of_list(f"organization:{name}", model)
    yield from of_list("accounts:sites", Site, ADMINISTRATOR)
    yield Place("accounts:people", who=ADMINISTRATOR)
    yield Place("accounts:person_new", who=ADMINISTRATOR)
    for act in ("person", "person_edit", "person_password"):
        yield Place(f"accounts:{act}", pk(User, username="olga"), who=ADMINISTRATOR)
    yield Place("accounts:person", pk(User, username="adam"), who=ADMINISTRATOR, name="oneself")


def of_the_second_factor() -> Iterator[Place]:
    yield Place("factors:passkey_sign_in", who=STRANGER)
    for page in ("mine", "generator_new", "passkey_new", "codes_new", "pin_signing", "pin_tablet"):
        yield Place(f"factors:{page}")
    yield Place("sign_in_rules:rules", who=ADMINISTRATOR)
    yield Place("sign_in_rules:reset", pk(User, username="olga"), who=ADMINISTRATOR)
    for page in ("listed", "new"):
        yield Place(f"tablets:{page}", who=ADMINISTRATOR)
    yield Place("tablets:person", pk(User, username="olga"), who=ADMINISTRATOR)


def a_held_file() -> Which:
    """Hold back a file, as when the scanner is away; the demo itself has no scanner."""
    held = {"size": 81_000, "kept_at": clock.now(), "verdict": "waiting"}
    StoredFile.objects.update_or_create(sha256="5" * 64, defaults=held)
    return {}


def of_retention() -> Iterator[Place]:
    for page in ("index", "hold_new"):
        yield Place(f"retention:{page}")
    for page in ("rule", "propose"):
        yield Place(f"retention:{page}", partial(dict, kind="nonconformities"))
    yield Place("retention:hold", pk(Hold))
    yield Place("retention:purge", a_purge)
    yield Place("retention:people", who=ADMINISTRATOR)
    yield Place("retention:person", pk(User, username="olga"), who=ADMINISTRATOR)


def a_purge() -> Which:
    """Return a purge that waits; the demo is too young for one."""
    ana = User.objects.get(username="ana")
    with audited(ana):
        waiting = Purge(reason="Ten years are over", numbers=["NC-ABC1-2010-0001"])
        waiting.proposed_by, waiting.proposed_at = ana, clock.now()
        waiting.save()
    return {"pk": waiting.pk}


def of_notices() -> Iterator[Place]:
    for page in ("inbox", "escalated", "settings", "absence_new"):
        yield Place(f"notices:{page}")
    for page in ("duties", "mails"):
        yield Place(f"notices:{page}", who=ADMINISTRATOR)
    yield from of_retention()
    for page in ("index", "new"):
        yield Place(f"hooks:{page}", who=ADMINISTRATOR)
    for page in ("hook", "edit"):
        yield Place(f"hooks:{page}", pk(Webhook), who=ADMINISTRATOR)
    yield Place("keeping:backups")


def of_tasks() -> Iterator[Place]:
    yield Place("tasks:index", who=ADMINISTRATOR)
    yield Place("operations:system", who=ADMINISTRATOR)
    for label in ("Print the labels", "Add up the year", "Undo the import log-2023.csv"):
        yield Place("tasks:task", pk(TaskRun, label=label), who=ADMINISTRATOR, name=label)
    yield Place("store:quarantine", a_held_file)


def of_the_trail() -> Iterator[Place]:
    yield Place("proof:trail")
    yield Place("proof:trail", query="?action=created&person=nobody", name="nothing fits")
    yield Place("proof:trail", query="?stream=security", who=ADMINISTRATOR, name="of access")
    yield Place("proof:trail", query="?since=2026-02-01&until=2026-01-01", name="a wrong filter")
    yield Place("proof:trail", query="?model=accounts.user&action=created", who=ADMINISTRATOR)
    yield Place("proof:reviews")
    yield Place("proof:verification")
    yield Place("proof:run", pk(Verification))
    yield Place("proof:checkpoints")


PLACES = (
    Place("account_login", who=STRANGER),
    Place("account_logout"),
    Place("account_change_password"),
    Place("entry:sessions"),
    Place("entry:tokens"),
    Place("entry:token_new"),
    Place("entry:reset_ask", who=STRANGER),
    Place("entry:watch", who=ADMINISTRATOR),
    Place("portal:home"),
    Place("portal:home", who="olga", name="of an operator"),
    Place("portal:home", who="martin", name="of top management"),
    Place("portal:work"),
    Place("lists:index"),
    Place("lists:new", partial(dict, kind="nonconformities"), query="?state=open&order=due"),
    Place("lists:edit", pk(SavedView)),
    Place("portal:search"),
    Place("portal:search", query="?q=burr"),
    Place("portal:search", query="?q=no-such-word"),
    *of_the_second_factor(),
    *of_notices(),
    *of_the_trail(),
    *of_tasks(),
    *of_nonconformities(),
    *of_actions(),
    *of_improvements(),
    *of_analyses(),
    *of_kpis(),
    *of_production(),
    *of_the_desk(),
    *of_assurance(),
    *of_setup(),
    *of_forms(),
    *of_signing(),
)

# Routes that show no page of their own: files to take away, and addresses that lead on.
KINDS = ("nonconformities", "actions", "improvements", "kpis", "analyses")
WALKED = "looked at where it is walked, in tests/journeys/test_second_factor.py"
NO_PAGES = {
    "factors:second_step": WALKED,
    "factors:generator_remove": WALKED,
    "factors:passkey_name": WALKED,
    "factors:passkey_remove": WALKED,
    "outside:begin": "leads to the sign-in of the company",
    "outside:callback": WALKED,
    "outside:identity": WALKED,
    "tablet:start": WALKED,
    "tablet:pin": WALKED,
    "signing:manifest": "a file",
    "analyses:pdf": "a file",
    "actions:pdf": "a file",
    "notices:calendar": "a file",
    "operations:healthz": "a word for probes",
    "operations:readyz": "words for probes",
    "operations:metrics": "numbers for monitoring",
    "entry:reset": "shown to whoever holds a link; tested beside it",
    "retention:data": "a file",
    "retention:own_data": "a file",
    "production:arrival-content": "a file",
    "kpis:report": "a file",
    "designer:export": "a file",
    "desk:download": "a file",
    "packs:paper": "a file",
    "packs:verifier": "a file",
    "proof:export": "a file",
    "proof:checkpoint_text": "a file",
    "records:permalink": "leads to the record",
    "assurance:in_use": "leads to the map of the edition in use",
    **{f"{kind}:export{form}": "a file" for kind in KINDS for form in ("", "-xlsx", "-pdf")},
    **{f"{kind}:bulk": "takes posts only" for kind in KINDS},
    **{f"{kind}:paper": "a file" for kind in KINDS},
    **{f"{kind}:file": "a file" for kind in KINDS},
}
