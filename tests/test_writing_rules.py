"""How code is written here, where a linter has no word for it. Each rule is in CONTRIBUTING.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from tools.measures import ROOT, SOURCE, code

FILES = {file: ast.parse(file.read_text(encoding="utf-8")) for file in code(SOURCE)}
TEMPLATES = {file: file.read_text(encoding="utf-8") for file in SOURCE.rglob("templates/**/*.html")}

# Where a request is read or an answer is written; rows are reached through visible_to() there.
EDGES = {"api", "exports", "forms", "views"}

CLOCKS = {"accounts/clock.py", "organization/clock.py"}
NOW = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"),
       ("timezone", "now"), ("timezone", "localdate"), ("timezone", "localtime")}  # fmt: skip

# Marked as safe after a look: nothing a person typed comes near it.
SAFE = {
    "records/rows.py",  # rows of a list; every value passes escape
    "ui/controls.py",  # what Django's own template has just escaped
    "ui/templatetags/ui.py",  # addresses of our own built files
}

# Where a password is looked at, after `entry.throttle` has counted the try.
COUNTED = {
    "accounts/backends.py",  # reached through the adapter only
    "entry/adapter.py",
    "entry/pins.py",  # asked by proof and tablets, which count
    "entry/proof.py",
    "entry/proving.py",
}

# What has a state of its own and is no record: one line of a record, not the record.
STATE_OF_A_LINE = {
    "modules/actions/services/analysing.py": "a cause is proposed, verified, refuted",
    "modules/production/imports/arrivals.py": "what was refused is sent again or dismissed",
}

MODELS = apps.get_models()


def inside(file: Path, *folders: str) -> bool:
    return file.relative_to(SOURCE).parts[0] in folders


def place(file: Path, node: ast.AST) -> str:
    return f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', '?')}"


def found(kind: type[ast.AST], *, outside: tuple[str, ...] = ()) -> Iterator[tuple[Path, ast.AST]]:
    for file, tree in FILES.items():
        if not inside(file, *outside):
            yield from ((file, node) for node in ast.walk(tree) if isinstance(node, kind))


def called(node: ast.Call) -> str:
    """Return the last word of what is called: `save` of `record.save()`."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def owner(node: ast.Call) -> str:
    """Return the word before it: `timezone` of `timezone.now()`."""
    value = node.func.value if isinstance(node.func, ast.Attribute) else None
    return value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")


def test_RC1_only_the_kernel_sets_the_state_of_a_record():
    set_here = [
        place(file, node)
        for file, node in found(ast.Attribute, outside=("records", "trail", "stats"))
        if node.attr == "state"
        and isinstance(node.ctx, ast.Store)
        and file.relative_to(SOURCE).as_posix() not in STATE_OF_A_LINE
    ]
    updated = [
        place(file, node)
        for file, node in found(ast.Call, outside=("records", "trail", "stats"))
        if called(node) == "update" and "state" in {word.arg for word in node.keywords}
    ]

    assert not set_here + updated


def test_AZ2_pages_forms_and_api_read_through_visible_to():
    bare = [
        place(file, node)
        for file, tree in FILES.items()
        if EDGES & set(file.relative_to(SOURCE).with_suffix("").parts)
        for node in bare_managers(tree)
        if scoped(getattr(node.value, "id", ""), file)
    ]
    in_templates = [str(file) for file, text in TEMPLATES.items() if ".objects" in text]

    assert not bare + in_templates


def bare_managers(tree: ast.AST) -> Iterator[ast.Attribute]:
    followed = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"visible_to", "none"}
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "objects" and id(node) not in followed:
            yield node


def scoped(name: str, file: Path) -> bool:
    """Whether the model of this name, as ``file`` means it, knows who sees which of its rows."""
    named = [model for model in MODELS if model.__name__ == name]
    package = ".".join(("andon", *file.relative_to(SOURCE).parts[:2]))
    near = [model for model in named if model.__module__.startswith(package)]
    return any(hasattr(model._default_manager, "visible_to") for model in near or named)


def test_AT1_no_bare_transaction_around_a_service():
    bare = [
        place(file, node)
        for file, node in found(ast.Call, outside=("trail",))
        if called(node) == "atomic" and owner(node) == "transaction"
    ]

    assert not bare


def test_AT7_only_the_trail_opens_the_gate():
    opening = [
        place(file, node)
        for file, node in found(ast.ImportFrom, outside=("trail",))
        if node.module == "andon.trail.gate"
        and {name.name for name in node.names} & {"opened", "migrating"}
    ]

    assert not opening


def test_nothing_saves_in_a_way_of_its_own():
    overrides = [
        place(file, node)
        for file, node in found(ast.FunctionDef, outside=("trail",))
        if node.name in {"save", "save_base", "bulk_create", "bulk_update"}
    ]
    forms = [
        place(file, node)
        for file, node in found(ast.Call)
        if called(node) == "save" and owner(node) == "form"
    ]

    assert not overrides + forms


def test_no_signals():
    imported = [
        place(file, node)
        for file, node in found(ast.ImportFrom, outside=("trail",))
        if (node.module or "").startswith(("django.db.models.signals", "django.dispatch"))
    ]

    assert not imported


def test_only_the_clock_reads_the_clock():
    read = [
        place(file, node)
        for file, node in found(ast.Call, outside=("trail",))
        if (owner(node), called(node)) in NOW
        and not (called(node).startswith("local") and node.args)  # it converts what it is given
        and str(file.relative_to(SOURCE)) not in CLOCKS
    ]

    assert not read


def test_AU4_a_password_is_checked_only_where_the_try_was_counted():
    """Whoever else looked at one would give guesses away for nothing."""
    checked = [
        place(file, node)
        for file, node in found(ast.Call)
        if called(node) in {"check_password", "authenticate", "aauthenticate"}
        and str(file.relative_to(SOURCE)) not in COUNTED
    ]

    assert not checked


def test_SE3_nothing_a_person_typed_is_marked_safe():
    marked = [
        place(file, node)
        for file, node in found(ast.Call)
        if called(node) in {"mark_safe", "SafeString", "SafeText"}
        and str(file.relative_to(SOURCE)) not in SAFE
    ]
    pattern = re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off")
    in_templates = [str(file) for file, text in TEMPLATES.items() if pattern.search(text)]

    assert not marked + in_templates


def test_a_translated_sentence_is_whole():
    """No f-string and no sum inside `_()`: the translator would never see it."""
    broken = [
        place(file, node)
        for file, node in found(ast.Call)
        if called(node) in {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
        and any(isinstance(word, ast.JoinedStr | ast.BinOp) for word in node.args[:2])
    ]

    assert not broken


def test_no_model_of_ours_is_deleted_by_cascade():
    """Nothing is deleted; a cascade would delete rows that nobody named (RC5)."""
    cascades = [
        place(file, node)
        for file, node in found(ast.Attribute)
        if node.attr == "CASCADE" and file.name.startswith("models")
    ]

    assert not cascades
