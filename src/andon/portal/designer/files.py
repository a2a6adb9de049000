"""A form as a file: written for another installation, read back with clear sentences."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from andon.accounts.models import Site, User
from andon.sheets import design as designs
from andon.sheets.design import Design
from andon.sheets.models import FormDesign
from andon.trail.services import audited

from . import services

FORMAT = 1
LARGEST = 200_000
DEEPEST = 12
PARTS = {"andon_form", "kind", "use", "key", "name", "site", "category", "questions", "demanded_by"}


def written(design: FormDesign, content: Design) -> dict[str, Any]:
    """Return ``design`` as a file says it."""
    return {
        "andon_form": FORMAT,
        "kind": design.kind,
        "use": design.use,
        "key": design.key,
        "name": design.name,
        "site": design.site.code if design.site else "",
        "category": design.category,
        **content.as_data(),
    }


def as_yaml(data: dict[str, Any]) -> str:
    import yaml  # noqa: PLC0415  (few processes ever need it)

    return str(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))


def as_json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def parsed(content: bytes) -> dict[str, Any]:
    """Return what a JSON or YAML file holds; JSON is YAML, too."""
    import yaml  # noqa: PLC0415  (few processes ever need it)

    if len(content) > LARGEST:
        raise ValidationError(_("This file is larger than 200 kB; a form is not."))
    try:
        text = content.decode("utf-8-sig")
        _refuse_tricks(text)
        data = yaml.safe_load(text)
    except UnicodeDecodeError:
        raise ValidationError(_("Save this file as UTF-8 text and try again.")) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        place = _(" in line %d") % (where.line + 1) if where else ""
        raise ValidationError(
            _("This file is neither JSON nor YAML: it cannot be read%s.") % place
        ) from None
    if not isinstance(data, dict) or data.get("andon_form") != FORMAT:
        raise ValidationError(
            _("This file is no form: it must begin with “andon_form: 1”. Export one to see how.")
        )
    if unknown := sorted(str(name) for name in data if name not in PARTS):
        raise ValidationError(_("“%s” is not known in a form.") % ", ".join(unknown)[:200])
    return data


def _refuse_tricks(text: str) -> None:
    """Refuse what makes a small file large or deep: aliases and endless nesting."""
    import yaml  # noqa: PLC0415  (few processes ever need it)

    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise ValidationError(_("A form has no YAML aliases; write each part out."))
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ValidationError(_("This file is nested too deeply for a form."))


def take_in(content: bytes, *, by: User) -> FormDesign:
    """Make a draft of what a file holds: of the form with its key, or of a new one."""
    data = parsed(content)
    asked = designs.read(data)
    texts = {name: str(data.get(name) or "") for name in ("kind", "use", "key", "name", "category")}
    if empty := [name for name in ("kind", "use", "key", "name") if not texts[name]]:
        raise ValidationError(_("“%s” is missing in this file.") % ", ".join(empty))
    found: FormDesign | None = (
        FormDesign.objects.visible_to(by).filter(kind=texts["kind"], key=texts["key"]).first()
    )
    if found is not None:
        if found.use != texts["use"]:
            raise ValidationError(_("The key “%s” is used by another sort of form.") % found.key)
        services.draft(found, asked, by=by)
        return found
    design = FormDesign(**texts, site=_site(str(data.get("site") or ""), by))
    with audited(by, reason=_("form imported")):
        services.begin(design, by=by)
        services.draft(design, asked, by=by)
    return design


def _site(code: str, by: User) -> Site | None:
    if not code:
        return None
    found: Site | None = Site.objects.visible_to(by).filter(code=code.upper()).first()
    if found is None:
        raise ValidationError(_("You have no site with the code “%s”.") % code[:20])
    return found
