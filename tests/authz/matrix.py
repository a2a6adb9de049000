"""Who may use which route: one reviewed row each. A route without a row fails the suite.

How to add a row::

    row("kpis:detail", EVERYBODY, get=ABSENT, post=NO, pk=999),

route   name with namespace; for the API its path, as in "api/v1/nonconformities/<number>/"
who     the roles that are let in; everybody else is FORBIDDEN, strangers are sent to sign in
get, post, patch, delete
        what those let in get: OK (shown, saved, or sent on), ABSENT (404, the example names
        nothing), WRONG (400, 409, 422, 428: what was sent is not right), NO (405, no such method)
write   the roles let in by an unsafe method, when fewer than ``who``; auditors never are
others  an example for each part of the path; a function gets the people by role and "site"

A kind of record that has the kernel's pages gets all its rows by ``*record_rows(...)``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from andon.accounts.roles import Role

OK, ABSENT, WRONG, NO, FORBIDDEN, LOGIN = "ok", "absent", "wrong", "no", "forbidden", "login"

Roles = frozenset[Role]
EVERYBODY: Roles = frozenset(Role)
PUBLIC: Roles = frozenset()  # only for the rows of sign-in: strangers are let in too
ADMIN: Roles = frozenset({Role.ADMIN})
MASTER_DATA: Roles = frozenset({Role.ADMIN, Role.MANAGER})
SHOP: Roles = frozenset({Role.CONTRIBUTOR, Role.OWNER, Role.QUALITY, Role.MANAGER})
OFFICE: Roles = frozenset({Role.OWNER, Role.QUALITY, Role.MANAGER})
QUALITY: Roles = frozenset({Role.QUALITY, Role.MANAGER})
READERS: Roles = EVERYBODY - {Role.CONTRIBUTOR, Role.OWNER}
MANAGER: Roles = frozenset({Role.MANAGER})


FACTS = (
    "output", "scrap", "stops", "rework", "plan", "cycle-times", "deliveries", "receipts",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What each role gets from one route."""

    route: str
    who: Roles
    methods: dict[str, str]
    write: Roles
    public: bool
    own_account: bool
    example: dict[str, Any] = field(default_factory=dict)

    def expected(self, method: str, role: Role | str | None) -> str:
        """Return what ``role`` gets; None is somebody without a role, "stranger" nobody."""
        outcome = self.methods[method]
        if self.public:
            return outcome
        if role == "stranger":
            return LOGIN
        safe = method == "get"
        if role == Role.AUDITOR and not safe and not self.own_account:
            return FORBIDDEN
        return outcome if role in (self.who if safe else self.write) else FORBIDDEN


def row(
    route: str,
    who: Roles,
    *,
    get: str = OK,
    post: str = NO,
    patch: str = "",
    delete: str = "",
    write: Roles | None = None,
    own_account: bool = False,
    **example: Any,
) -> Row:
    """Return the row of one route."""
    methods = {"get": get, "post": post, "patch": patch, "delete": delete}
    return Row(
        route=route,
        who=who,
        methods={name: outcome for name, outcome in methods.items() if outcome},
        write=who if write is None else write,
        public=who is PUBLIC,
        own_account=own_account,
        example=example,
    )


def list_rows(name: str, who: Roles, pk: int | Callable[..., Any] = 999_999) -> list[Row]:
    """Return the rows of a list kept under /setup/: everybody looks, ``who`` changes."""
    found = ABSENT if isinstance(pk, int) else OK
    return [
        row(name, EVERYBODY),
        row(f"{name}_new", who, post=OK),
        row(f"{name}_edit", who, get=found, post=found, pk=pk),
    ]


def record_rows(
    namespace: str, *, prefix: str, create: Roles, change: Roles, comment: Roles
) -> list[Row]:
    """Return the rows of the kernel's pages of one kind; the example number names no record.

    ``create``, ``change`` and ``comment`` are the roles of the kind's permissions. What a person
    gets from a record that exists is tested with each kind (``RecordKindTests``).
    """
    gone: dict[str, Any] = {"get": ABSENT, "number": f"{prefix}-ABC1-1999-0001"}
    post_only: dict[str, Any] = {**gone, "get": NO, "post": ABSENT}
    return [
        row(f"{namespace}:list", EVERYBODY),
        row(f"{namespace}:new", create, post=WRONG),
        row(f"{namespace}:bulk", change, get=NO, post=WRONG),
        row(f"{namespace}:export", EVERYBODY),
        row(f"{namespace}:export-xlsx", EVERYBODY),
        row(f"{namespace}:export-pdf", EVERYBODY),
        row(f"{namespace}:detail", EVERYBODY, **gone),
        row(f"{namespace}:edit", change, **gone, post=ABSENT),
        row(f"{namespace}:do", EVERYBODY, **gone, post=ABSENT, name="close"),
        row(f"{namespace}:thread", EVERYBODY, **gone),
        row(f"{namespace}:history", EVERYBODY, **gone),
        row(f"{namespace}:paper", EVERYBODY, **gone),
        row(f"{namespace}:comment", comment, **post_only),
        row(f"{namespace}:attach", comment, **post_only),
        row(f"{namespace}:file", EVERYBODY, **gone, pk=1),
        row(f"{namespace}:link", change, **post_only),
        row(f"{namespace}:unlink", change, **post_only, pk=1),
        row(f"{namespace}:let-in", change, **post_only),
        row(f"{namespace}:extend", change, **post_only),
    ]


def api_rows(path: str, *, prefix: str) -> list[Row]:
    """Return the rows of the kernel's API of one kind, as ``api_rows("api/v1/ncs/", prefix="NC")``.

    The empty body of the example is refused before anybody asks for a permission; that services
    ask is tested with each kind.
    """
    number = f"{prefix}-ABC1-1999-0001"
    return [
        row(path, EVERYBODY, post=WRONG),
        row(f"{path}<number>/", EVERYBODY, get=ABSENT, patch=WRONG, number=number),
        row(f"{path}<number>/do/<step>/", EVERYBODY, get=NO, post=WRONG, number=number, step="x"),
    ]


NO_RECORD = "NC-ABC1-1999-0001"
NO_ACTION = "CA-ABC1-1999-0001"
NO_TASK = "00000000-0000-4000-8000-000000000000"


def _contributor(world: dict[Any, Any]) -> int:
    return int(world[Role.CONTRIBUTOR].pk)


def _their_grant(world: dict[Any, Any]) -> int:
    return int(world[Role.CONTRIBUTOR].grants.get().pk)


def _site(world: dict[Any, Any]) -> int:
    return int(world["site"].pk)


ROWS: list[Row] = [
    # -- signing in ------------------------------------------------------------------------
    row("account_login", PUBLIC, post=OK),
    row("account_logout", PUBLIC, post=OK),
    row("account_change_password", EVERYBODY, post=OK, own_account=True),
    # -- the second factor: one's own ------------------------------------------------------------
    row("factors:second_step", PUBLIC, get=LOGIN, post=LOGIN),
    row("factors:passkey_sign_in", PUBLIC, post=OK),
    row("factors:mine", EVERYBODY, own_account=True),
    row("factors:generator_new", EVERYBODY, post=OK, own_account=True),
    row("factors:generator_remove", EVERYBODY, get=ABSENT, post=ABSENT, own_account=True),
    row("factors:passkey_new", EVERYBODY, post=OK, own_account=True),
    row("factors:passkey_name", EVERYBODY, get=ABSENT, post=ABSENT, own_account=True, pk=999_999),
    row("factors:passkey_remove", EVERYBODY, get=ABSENT, post=ABSENT, own_account=True, pk=999_999),
    row("factors:codes_new", EVERYBODY, post=OK, own_account=True),
    row("factors:pin_signing", EVERYBODY, post=OK, own_account=True),
    row("factors:pin_tablet", EVERYBODY, post=OK, own_account=True),
    row("sign_in_rules:rules", ADMIN, post=OK),
    row("sign_in_rules:reset", ADMIN, post=OK, pk=_contributor),
    # -- single sign-on: absent until the environment names a provider -----------------------------
    row("outside:begin", PUBLIC, get=ABSENT),
    row("outside:callback", PUBLIC, get=ABSENT),
    row("outside:identity", ADMIN, get=ABSENT, post=ABSENT, pk=_contributor),
    # -- shared tablets: a device that is none is told so ------------------------------------------
    row("tablet:start", PUBLIC, get=FORBIDDEN, post=FORBIDDEN),
    row("tablet:pin", PUBLIC, get=FORBIDDEN, post=FORBIDDEN, pk=999_999),
    row("tablet:leave", EVERYBODY, get=NO, post=OK, own_account=True),
    row("tablet:here", EVERYBODY, get=NO, post=OK, own_account=True),
    row("tablets:listed", ADMIN),
    row("tablets:new", ADMIN, post=OK),
    row("tablets:revoke", ADMIN, get=NO, post=ABSENT, pk=999_999),
    row("tablets:person", ADMIN, post=OK, pk=_contributor),
    # -- the door: own sessions and tokens, a new password, the watch -----------------------------
    row("entry:sessions", EVERYBODY, own_account=True),
    row("entry:end_other_sessions", EVERYBODY, get=NO, post=OK, own_account=True),
    row("entry:end_session", EVERYBODY, get=NO, post=ABSENT, own_account=True, handle="none"),
    row("entry:tokens", OFFICE),
    row("entry:token_new", OFFICE, post=OK),
    row("entry:token_revoke", OFFICE, get=NO, post=ABSENT, pk=999_999),
    row("entry:reset_ask", PUBLIC, post=OK),
    row("entry:reset", PUBLIC, get="410", post="410", pk=999_999, key="set"),
    row("entry:watch", ADMIN),
    row("entry:lift", ADMIN, get=NO, post=OK, pause="none"),
    row("entry:end_any_session", ADMIN, get=NO, post=ABSENT, handle="none"),
    row("entry:end_all_of", ADMIN, get=NO, post=OK, pk=999_999),
    row("entry:token_revoke_any", ADMIN, get=NO, post=ABSENT, pk=999_999),
    # -- people and sites --------------------------------------------------------------------
    row("accounts:people", ADMIN),
    row("accounts:person_new", ADMIN, post=OK),
    row("accounts:person", ADMIN, pk=_contributor),
    row("accounts:person_edit", ADMIN, post=OK, pk=_contributor),
    row("accounts:person_password", ADMIN, post=OK, pk=_contributor),
    row("accounts:grant", ADMIN, get=NO, post=OK, pk=_contributor),
    row(
        "accounts:grant_end",
        ADMIN,
        get=NO,
        post=OK,
        pk=_contributor,
        grant_pk=_their_grant,
    ),
    row("accounts:person_disable", ADMIN, get=NO, post=OK, pk=_contributor),
    row("accounts:person_enable", ADMIN, get=NO, post=OK, pk=_contributor),
    *list_rows("accounts:sites", ADMIN, pk=_site),
    # -- the organization --------------------------------------------------------------------
    row("organization:index", EVERYBODY),
    row("organization:settings", MASTER_DATA, post=OK),
    *list_rows("organization:processes", MASTER_DATA),
    *list_rows("organization:items", MASTER_DATA),
    *list_rows("organization:parties", MASTER_DATA),
    *list_rows("organization:lines", MASTER_DATA),
    *list_rows("organization:shifts", MASTER_DATA),
    *list_rows("organization:holidays", MASTER_DATA),
    *list_rows("organization:rates", MASTER_DATA),
    # -- saved views of lists: one's own; another's is as absent --------------------------------
    row("lists:index", EVERYBODY),
    row("lists:new", EVERYBODY, post=OK, kind="nonconformities"),
    row("lists:edit", EVERYBODY, get=ABSENT, post=ABSENT, pk=999_999),
    row("lists:drop", EVERYBODY, get=NO, post=ABSENT, pk=999_999),
    row("lists:first", EVERYBODY, get=NO, post=ABSENT, pk=999_999),
    # -- records ---------------------------------------------------------------------------
    row("records:permalink", EVERYBODY, get=ABSENT, number=NO_RECORD),
    # -- production ------------------------------------------------------------------------
    row("production:overview", EVERYBODY),
    row("production:facts", EVERYBODY, kind="scrap"),
    row("production:record", SHOP, post=OK),
    # Adding a cause is refused by the service to whom it is not given.
    row("production:causes", EVERYBODY, post=OK),
    row("production:batches", EVERYBODY),
    row("production:batch", EVERYBODY, get=ABSENT, pk=999_999),
    row("production:undo", QUALITY, get=NO, post=ABSENT, pk=999_999),
    row("production:imports", EVERYBODY),
    row("production:import-new", OFFICE, post=OK),
    row("production:import", EVERYBODY, get=ABSENT, pk=999_999),
    *[
        row(f"production:import-{step}", OFFICE, get=NO, post=ABSENT, pk=999_999)
        for step in ("step", "answer", "mapping", "create", "confirm", "drop")
    ],
    row("production:feeds", EVERYBODY),
    row("production:feed-new", QUALITY, post=OK),
    row("production:feed", QUALITY, get=ABSENT, post=ABSENT, pk=999_999),
    row("production:arrivals", EVERYBODY),
    row("production:arrival", EVERYBODY, get=ABSENT, pk=999_999),
    row("production:arrival-content", EVERYBODY, get=ABSENT, pk=999_999),
    *[
        row(f"production:arrival-{step}", OFFICE, get=NO, post=ABSENT, pk=999_999)
        for step in ("resend", "dismiss")
    ],
    *[row(f"api/v1/facts/{kind}/", EVERYBODY, get=WRONG, post=WRONG) for kind in FACTS],
    # -- import desk: records and lists of an older system ---------------------------------------
    row("desk:intakes", MANAGER),
    row("desk:new", MANAGER, post=WRONG),
    row("desk:intake", MANAGER, get=ABSENT, pk=999_999),
    row("desk:download", MANAGER, get=ABSENT, pk=999_999),
    *[
        row(f"desk:{act}", MANAGER, get=NO, post=ABSENT, pk=999_999)
        for act in (
            "step",
            "answer",
            "mapping",
            "words",
            "rows",
            "replace",
            "many",
            "confirm",
            "drop",
            "undo",
            "forget",
        )
    ],
    row("desk:sources", MANAGER),
    row("desk:source", MANAGER, get=ABSENT, post=ABSENT, pk=999_999),
    # -- KPIs and their signals ------------------------------------------------------------------
    row("api/v1/kpis/", EVERYBODY, post=WRONG),
    row("api/v1/kpis/<code>/targets/", EVERYBODY, get=ABSENT, post=WRONG, code="NONE"),
    row("api/v1/kpis/<code>/", EVERYBODY, get=ABSENT, code="NONE"),
    row("api/v1/kpis/<code>/series/", EVERYBODY, get=ABSENT, code="NONE"),
    row("api/v1/kpis/<code>/observations/", EVERYBODY, get=NO, post=WRONG, code="NONE"),
    *api_rows("api/v1/signals/", prefix="SIG"),
    row("kpis:board", EVERYBODY),
    row("kpis:define", OFFICE, post=WRONG),
    row("kpis:ready", EVERYBODY),
    row("kpis:adopt", OFFICE, get=NO, post=OK, formula="scrap_rate"),
    row("kpis:part", EVERYBODY, get=ABSENT, code="NONE"),
    row("kpis:behind", EVERYBODY, get=ABSENT, code="NONE", start="2026-01-05"),
    row("kpis:refresh-all", SHOP, get=NO, post=OK),
    row("kpis:kpi", EVERYBODY, get=ABSENT, code="NONE"),
    row("kpis:refresh", SHOP, get=NO, post=ABSENT, code="NONE"),
    row("kpis:observe", SHOP, get=ABSENT, post=ABSENT, code="NONE"),
    row("kpis:note", SHOP, get=ABSENT, post=ABSENT, code="NONE"),
    row("kpis:redefine", OFFICE, get=ABSENT, post=ABSENT, code="NONE"),
    row("kpis:target", OFFICE, get=ABSENT, post=ABSENT, code="NONE"),
    row("kpis:limits", OFFICE, get=ABSENT, post=ABSENT, code="NONE"),
    row("kpis:wall", EVERYBODY, get=ABSENT, site="NONE"),
    row("kpis:wall-of-line", EVERYBODY, get=ABSENT, site="NONE", line="NONE"),
    row("kpis:report", EVERYBODY, get=ABSENT, code="NONE"),
    row("kpis:split", OFFICE, get=NO, post=ABSENT, code="NONE"),
    row("kpis:restate", OFFICE, get=ABSENT, post=ABSENT, code="NONE", start="2026-01-05"),
    *record_rows(
        "kpis", prefix="SIG", create=SHOP, change=OFFICE, comment=EVERYBODY - {Role.AUDITOR}
    ),
    # -- analyses and the Workbench ----------------------------------------------------------
    *api_rows("api/v1/analyses/", prefix="ANA"),
    row("analyses:pdf", EVERYBODY, get=ABSENT, post=NO, number="ANA-ABC1-1999-0001"),
    *record_rows(
        "analyses", prefix="ANA", create=SHOP, change=SHOP, comment=EVERYBODY - {Role.AUDITOR}
    ),
    # -- the description of the API ------------------------------------------------------------
    row("api:openapi-json", EVERYBODY, post=NO),
    row("api:api-root", EVERYBODY, get=ABSENT, post=ABSENT),
    # -- home ------------------------------------------------------------------------------
    row("portal:home", EVERYBODY, post=NO),
    row("portal:work", EVERYBODY, post=NO),
    row("portal:search", EVERYBODY, post=NO),
    row("notices:inbox", EVERYBODY),
    row("notices:all_read", EVERYBODY, get=NO, post=OK, own_account=True),
    row("notices:open", EVERYBODY, get=NO, post=ABSENT, own_account=True, pk=999_999),
    row("notices:escalated", EVERYBODY),
    row("notices:watch", EVERYBODY, get=NO, post=ABSENT, own_account=True, number="NC-X-1999-1"),
    row("notices:settings", EVERYBODY, post=OK, own_account=True),
    row("notices:absence_new", EVERYBODY, post=OK, own_account=True),
    row("notices:absence_end", EVERYBODY, get=NO, post=ABSENT, own_account=True, pk=999_999),
    row("notices:calendar_renew", EVERYBODY, get=NO, post=OK, own_account=True),
    row("notices:calendar_end", EVERYBODY, get=NO, post=OK, own_account=True),
    row("notices:calendar", PUBLIC, get=ABSENT, secret="no-such-secret"),
    row("retention:index", MASTER_DATA),
    row("retention:rule", MANAGER, post=OK, kind="nonconformities"),
    row("retention:rule_end", MANAGER, get=NO, post=OK, kind="nonconformities"),
    row("retention:propose", MANAGER, get=ABSENT, post=ABSENT, kind="nonconformities"),
    row("retention:hold_new", MANAGER, post=OK),
    row("retention:hold", MANAGER, get=ABSENT, post=ABSENT, pk=999_999),
    row("retention:purge", MASTER_DATA, get=ABSENT, pk=999_999),
    row("retention:confirm", MASTER_DATA, get=NO, post=ABSENT, pk=999_999),
    row("retention:turn_down", MASTER_DATA, get=NO, post=ABSENT, pk=999_999),
    row("retention:people", ADMIN),
    row("retention:person", ADMIN, post=OK, pk=_contributor),
    row("retention:data", ADMIN, pk=_contributor),
    row("retention:own_data", EVERYBODY, own_account=True),
    row("hooks:index", ADMIN),
    row("hooks:host_new", ADMIN, get=NO, post=WRONG),
    row("hooks:host_end", ADMIN, get=NO, post=ABSENT, pk=999_999),
    row("hooks:new", ADMIN, post=OK),
    row("hooks:hook", ADMIN, get=ABSENT, pk=999_999),
    row("hooks:edit", ADMIN, get=ABSENT, post=ABSENT, pk=999_999),
    row("hooks:renew", ADMIN, get=NO, post=ABSENT, pk=999_999),
    row("hooks:test", ADMIN, get=NO, post=ABSENT, pk=999_999),
    row("hooks:again", ADMIN, get=NO, post=ABSENT, pk=999_999),
    row("hooks:drop", ADMIN, get=NO, post=ABSENT, pk=999_999),
    # -- the trail: reviews and verifications are for those with a role for all sites ---------
    row("proof:trail", READERS),
    row("proof:export", READERS),
    row("proof:review", QUALITY, get=NO, post=WRONG),
    row("proof:reviews", READERS),
    row("proof:verification", READERS),
    row("proof:verify_now", MASTER_DATA, get=NO, post=OK),
    row("proof:run", READERS, get=ABSENT, pk=999_999),
    row("proof:checkpoints", READERS),
    row("proof:checkpoint_text", READERS, get=ABSENT, pk=999_999),
    row("notices:duties", ADMIN),
    # -- operations: probes ask without signing in -------------------------------------------
    row("operations:healthz", PUBLIC),
    row("operations:readyz", PUBLIC),
    row("operations:metrics", PUBLIC, get=ABSENT),
    row("operations:system", ADMIN),
    # -- tasks: one's own; another's is as absent -------------------------------------------
    row("tasks:index", ADMIN),
    row("tasks:task", EVERYBODY, get=ABSENT, pk=NO_TASK),
    row("tasks:cancel", EVERYBODY, get=NO, post=ABSENT, pk=NO_TASK),
    row("tasks:again", ADMIN, get=NO, post=ABSENT, pk=NO_TASK),
    row("store:quarantine", MASTER_DATA),
    row("store:scan_again", MASTER_DATA, get=NO, post=OK),
    row("notices:mails", ADMIN),
    row("keeping:backups", MASTER_DATA),
    row("notices:mail_again", ADMIN, get=NO, post=ABSENT, pk=999_999),
    # -- nonconformities -----------------------------------------------------------------------
    *api_rows("api/v1/nonconformities/", prefix="NC"),
    *api_rows("api/v1/actions/", prefix="CA"),
    *[
        row(f"api/v1/actions/<number>/{part}/", EVERYBODY, get=ABSENT, post=WRONG, number=NO_ACTION)
        for part in ("cases", "causes", "items")
    ],
    row(
        "api/v1/actions/<number>/causes/<pk>/",
        EVERYBODY,
        get=NO,
        patch=WRONG,
        number=NO_ACTION,
        pk=1,
    ),
    row(
        "api/v1/actions/<number>/causes/<pk>/judge/",
        EVERYBODY,
        get=NO,
        post=WRONG,
        number=NO_ACTION,
        pk=1,
    ),
    row(
        "api/v1/actions/<number>/items/<pk>/done/",
        EVERYBODY,
        get=NO,
        post=WRONG,
        number=NO_ACTION,
        pk=1,
    ),
    row("api/v1/actions/<number>/is-is-not/", EVERYBODY, get=ABSENT, patch=WRONG, number=NO_ACTION),
    row("api/v1/actions/<number>/verdict/", EVERYBODY, get=ABSENT, number=NO_ACTION),
    *record_rows(
        "nonconformities",
        prefix="NC",
        create=SHOP,
        change=OFFICE,
        comment=EVERYBODY - {Role.AUDITOR},
    ),
    # Adding a code is refused by the service to whom it is not given.
    row("nonconformities:codes", EVERYBODY, post=OK),
    row("nonconformities:code", QUALITY, get=ABSENT, post=ABSENT, pk=999_999),
    row("nonconformities:authorities", EVERYBODY, post=OK),
    row("nonconformities:end-authority", MANAGER, get=NO, post=ABSENT, pk=999_999),
    *(
        row(f"nonconformities:{page}", EVERYBODY)
        for page in ("pareto", "clusters", "holds", "concessions")
    ),
    *(
        row(f"nonconformities:{act}", OFFICE, get=ABSENT, post=ABSENT, number=NO_RECORD)
        for act in ("list-lot", "cost")
    ),
    row("nonconformities:take-over-costs", OFFICE, get=NO, post=ABSENT, number=NO_RECORD),
    row(
        "nonconformities:take-back-cost", OFFICE, get=ABSENT, post=ABSENT, number=NO_RECORD, line=1
    ),
    row("nonconformities:approval", QUALITY, get=ABSENT, post=ABSENT, number=NO_RECORD, line=1),
    row(
        "nonconformities:agree",
        OFFICE | {Role.MANAGEMENT},
        get=ABSENT,
        post=ABSENT,
        number=NO_RECORD,
    ),
    row("nonconformities:tag", EVERYBODY, get=ABSENT, post=ABSENT, number=NO_RECORD),
    *[
        row(f"nonconformities:{act}", OFFICE, get=ABSENT, post=ABSENT, number=NO_RECORD)
        for act in ("triage", "action", "contain", "sort")
    ],
    row("nonconformities:dispose", QUALITY, get=ABSENT, post=ABSENT, number=NO_RECORD),
    row("nonconformities:withdraw", QUALITY, get=ABSENT, post=ABSENT, number=NO_RECORD, line=1),
    row("nonconformities:carry-out", OFFICE, get=ABSENT, post=ABSENT, number=NO_RECORD, line=1),
    row("nonconformities:verify", QUALITY, get=ABSENT, post=ABSENT, number=NO_RECORD, line=1),
    # -- custom fields and checklists ----------------------------------------------------------
    # The service asks for the kind's own permission.
    row("sheets:bring", EVERYBODY, get=NO, post=ABSENT, number=NO_RECORD),
    row("checklists:fill", EVERYBODY, get=ABSENT, post=ABSENT, number=NO_RECORD, key="none"),
    row("packs:index", QUALITY),
    row("packs:make", QUALITY, get=NO, post=WRONG),
    row("packs:sign", QUALITY, get=NO, post=OK),
    row("packs:paper", QUALITY, get=WRONG),
    row("packs:verifier", QUALITY),
    row("designer:index", MASTER_DATA),
    *[row(f"designer:{act}", MASTER_DATA, post=WRONG) for act in ("new", "import")],
    *[row(f"designer:{act}", MASTER_DATA, get=ABSENT, pk=999_999) for act in ("design", "preview")],
    *[
        row(f"designer:{act}", MASTER_DATA, get=ABSENT, post=ABSENT, pk=999_999)
        for act in ("add", "publish", "retire")
    ],
    row("designer:question", MASTER_DATA, get=ABSENT, post=ABSENT, pk=999_999, key="none"),
    row("designer:arrange", MASTER_DATA, get=NO, post=ABSENT, pk=999_999, key="none"),
    row("designer:demand", MASTER_DATA, get=NO, post=ABSENT, pk=999_999),
    row("designer:version", MASTER_DATA, get=ABSENT, pk=999_999, number=1),
    row("designer:export", MASTER_DATA, get=ABSENT, pk=999_999, ending="yaml"),
    # -- corrective actions ----------------------------------------------------------------------
    *record_rows(
        "actions",
        prefix="CA",
        create=OFFICE,
        change=OFFICE,
        comment=EVERYBODY - {Role.AUDITOR},
    ),
    *[
        row(f"actions:{act}", OFFICE, get=ABSENT, post=ABSENT, number=NO_ACTION)
        for act in (
            "simple",
            "add-cause",
            "add-item",
            "promise-change",
            "promise-no-recurrence",
            "take-on",
            "succeed",
        )
    ],
    row("actions:escalate", OFFICE, get=NO, post=ABSENT, number="SIG-ABC1-1999-0001"),
    *[
        row(f"actions:{act}", OFFICE, get=ABSENT, post=ABSENT, number=NO_ACTION)
        for act in ("contrast", "join-team", "look-across", "report")
    ],
    *[
        row(f"actions:{act}", EVERYBODY, get=ABSENT, post=NO, number=NO_ACTION)
        for act in ("tree", "across", "timeline", "eight-d", "pdf")
    ],
    row("actions:edit-cause", OFFICE, get=ABSENT, post=ABSENT, number=NO_ACTION, cause=1),
    row("actions:leave-team", OFFICE, get=ABSENT, post=ABSENT, number=NO_ACTION, member=1),
    row("actions:look-again", OFFICE, get=ABSENT, post=ABSENT, number=NO_ACTION, look=1),
    row("actions:prove-item", SHOP, get=ABSENT, post=ABSENT, number=NO_ACTION, item=1),
    row("actions:ask-supplier", SHOP, get=ABSENT, post=ABSENT, number=NO_ACTION, item=1),
    # Choosing a form for a customer is refused by the service to whom it is not given.
    row("actions:forms", EVERYBODY, post=OK),
    row("actions:form-new", QUALITY, post=OK),
    row("actions:form-edit", QUALITY, get=ABSENT, post=ABSENT, code="NONE"),
    row("actions:judge-cause", OFFICE, get=ABSENT, post=ABSENT, number=NO_ACTION, cause=1),
    row("actions:drop-item", OFFICE, get=ABSENT, post=ABSENT, number=NO_ACTION, item=1),
    row("actions:extend-item", OFFICE, get=ABSENT, post=ABSENT, number=NO_ACTION, item=1),
    row("actions:finish-item", SHOP, get=ABSENT, post=ABSENT, number=NO_ACTION, item=1),
    row("actions:watch-longer", QUALITY, get=ABSENT, post=ABSENT, number=NO_ACTION),
    row("actions:judge-recurrence", QUALITY, get=ABSENT, post=ABSENT, number=NO_ACTION),
    # -- improvement projects --------------------------------------------------------------------
    *api_rows("api/v1/improvements/", prefix="IMP"),
    *record_rows(
        "improvements", prefix="IMP", create=SHOP, change=OFFICE, comment=EVERYBODY - {Role.AUDITOR}
    ),
    row("improvements:escalate", OFFICE, get=NO, post=ABSENT, number="SIG-ABC1-1999-0001"),
    row("improvements:goal", OFFICE, get=ABSENT, post=ABSENT, number="IMP-ABC1-1999-0001"),
    # -- the clause map, words and principles ----------------------------------------------------
    # -- signatures ----------------------------------------------------------------------------
    row("signing:dial", EVERYBODY, post=OK, write=MANAGER),
    row("signing:signature", EVERYBODY, get=ABSENT, pk=999_999),
    row("signing:manifest", EVERYBODY, get=ABSENT, pk=999_999),
    row("signing:withdraw", EVERYBODY, get=NO, post=ABSENT, pk=999_999),
    row("api/v1/signatures/<number>/", EVERYBODY, get=ABSENT, number="NC-ABC1-1999-0001"),
    row(
        "api/v1/signatures/<number>/show/<step>/",
        EVERYBODY,
        get=NO,
        post=ABSENT,
        number="NC-ABC1-1999-0001",
        step="settle",
    ),
    row("assurance:in_use", EVERYBODY),
    row("assurance:changes", EVERYBODY),
    row("assurance:documents", EVERYBODY),
    row("assurance:map", EVERYBODY, get=ABSENT, edition="1987"),
    row("assurance:blockers", EVERYBODY, get=ABSENT, edition="1987"),
    row("assurance:requirement", EVERYBODY, get=ABSENT, edition="1987", id="1"),
    row("assurance:assess", QUALITY, get=ABSENT, post=ABSENT, edition="1987", id="1"),
    row("assurance:clause", EVERYBODY, get=ABSENT, edition="1987", number="4"),
    row("assurance:terms", EVERYBODY),
    row("assurance:term", EVERYBODY, get=ABSENT, key="no-such-word"),
    row("assurance:principles", EVERYBODY),
]
