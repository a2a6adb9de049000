"""Feeds: which folders and topics facts come from."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import User
from andon.modules.production.models import Feed, FeedKind
from andon.trail.services import SYSTEM, audited

RESERVED = frozenset({"done", "errors"})


def save_feed(feed: Feed, *, by: User | SYSTEM) -> Feed:
    """Keep a new or changed feed; raises `ValidationError` for a place that cannot be one."""
    if isinstance(by, User) and not by.may_at("production.feeds", feed.site_id):
        raise PermissionDenied(_("Feeds of this site are set up by quality and managers there."))
    with audited(by, reason=gettext_lazy("feed set up")):
        feed.place = feed.place.strip()
        if feed.kind == FeedKind.FOLDER:
            feed.place = str(_checked_folder(feed.place))
        else:
            _check_topic(feed.place)
        feed.full_clean()
        feed.save()
    return feed


def folder_of(feed: Feed) -> Path:
    """Return where the files of a feed come to; raises `ValidationError` if that is elsewhere."""
    root = Path(settings.FEEDS).resolve()
    folder = (root / _checked_folder(feed.place)).resolve()
    if not folder.is_relative_to(root):
        raise ValidationError({"place": _("The folder leads out of the configured one.")})
    return folder


def _checked_folder(place: str) -> PurePosixPath:
    path = PurePosixPath(place.replace("\\", "/"))
    odd = path.is_absolute() or not path.parts or ":" in place or "\0" in place
    if odd or any(part == ".." or part.startswith(".") for part in path.parts):
        raise ValidationError(
            {"place": _("Name a folder below the configured one, such as press/output.")}
        )
    if RESERVED.intersection(path.parts):
        raise ValidationError({"place": _("done and errors are where files are put afterwards.")})
    return path


def _check_topic(place: str) -> None:
    parts = place.split("/")
    wild = any(part not in {"+", "#"} and set("+#") & set(part) for part in parts)
    if not place or wild or "#" in parts[:-1] or place.startswith("$"):
        raise ValidationError(
            {"place": _("Name a topic; + stands for one part of it, # for all that follow.")}
        )


def fits(topic: str, place: str) -> bool:
    """Whether a topic is one of those that ``place`` stands for."""
    wanted, given = place.split("/"), topic.split("/")
    if wanted[-1] == "#":
        wanted, given = wanted[:-1], given[: len(wanted) - 1]
    return len(wanted) == len(given) and all(
        one in {"+", other} for one, other in zip(wanted, given, strict=True)
    )
