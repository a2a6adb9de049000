"""Watched folders: a file that changes no more is imported, and put into done or errors.

Nothing depends on the moment of a crash: a file stays until what became of it is committed, and
a file that is imported again says nothing new.
"""

from __future__ import annotations

import hashlib
import logging
import os
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from andon.modules.production.imports import arrivals
from andon.modules.production.imports.arrivals import Told
from andon.modules.production.imports.run import import_file
from andon.modules.production.models import Arrival, ArrivalState, Feed, FeedKind, FolderFile
from andon.modules.production.services.feeds import RESERVED, folder_of
from andon.organization import clock
from andon.records.workflow import Refused
from andon.tables import Trouble
from andon.tables.limits import MAX_BYTES
from andon.trail.services import SYSTEM

DONE, ERRORS = "done", "errors"
SETTLES = timedelta(seconds=2)
"""A file whose size and time stay the same for so long is complete."""

BY = SYSTEM("folder")
log = logging.getLogger("andon.feeds")


def watch(now: datetime) -> Counter[str]:
    """Look into every watched folder once; return how many files were taken and refused."""
    counts: Counter[str] = Counter()
    feeds = Feed.objects.filter(kind=FeedKind.FOLDER, is_active=True).select_related("site")
    for feed in feeds:
        with suppress(OSError, ValidationError):
            counts += _look(feed, folder_of(feed), now)
    return counts


def _look(feed: Feed, folder: Path, now: datetime) -> Counter[str]:
    counts: Counter[str] = Counter()
    seen = {file.name: file for file in FolderFile.objects.filter(feed=feed)}
    there = set()
    for path, found in sorted(_files(folder), key=lambda pair: (pair[1].st_mtime_ns, pair[0])):
        there.add(path.name)
        known = seen.get(path.name)
        mark = (found.st_size, found.st_mtime_ns)
        if known is None or (known.size, known.modified) != mark:
            FolderFile.objects.update_or_create(
                feed=feed,
                name=path.name,
                defaults={"size": mark[0], "modified": mark[1], "seen_at": now},
            )
            counts["waiting"] += 1
        elif now - known.seen_at < SETTLES:
            counts["waiting"] += 1
        else:
            counts[_take(feed, path, mark, now)] += 1
    FolderFile.objects.filter(feed=feed).exclude(name__in=there).delete()
    return counts


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield the plain files of a folder; what is hidden is still being written by somebody."""
    for path in folder.iterdir():
        with suppress(OSError):
            found = path.lstat()
            hidden = path.name.startswith(".") or path.suffix in {".part", ".tmp"}
            if stat.S_ISREG(found.st_mode) and not hidden and path.name not in RESERVED:
                yield path, found


def _take(feed: Feed, path: Path, mark: tuple[int, int], now: datetime) -> str:
    """Import one file and put it away; return what became of it."""
    try:
        content = path.read_bytes() if mark[0] <= MAX_BYTES else b""
        after = path.lstat()
        if (after.st_size, after.st_mtime_ns) != mark:
            return "waiting"
        troubles = _import(feed, path.name, content, too_large=mark[0] > MAX_BYTES)
        if troubles:
            _refuse(feed, path.name, content, troubles)
        _put_away(path, now, troubles)
    except (OSError, DatabaseError):
        log.exception("The file %s stays where it is and is tried again.", path.name)
        return "waiting"
    FolderFile.objects.filter(feed=feed, name=path.name).delete()
    return "refused" if troubles else "taken"


def _import(feed: Feed, name: str, content: bytes, *, too_large: bool) -> Told:
    """Return what is wrong with a file; nothing is wrong once it is in."""
    if too_large:
        sentence = _("The file is larger than %(n)d MB; split it. It lies in the folder errors.")
        return arrivals.told(sentence % {"n": MAX_BYTES // 2**20})
    if not feed.is_active:
        return arrivals.told(_("This feed is not in use any more."))
    try:
        result = import_file(
            content,
            target=feed.target,
            site=feed.site,
            by=BY,
            day=clock.today(feed.site),
            file_name=name,
            create_missing=feed.create_missing,
        )
    except Trouble as trouble:
        return arrivals.told(trouble.sentence, row=trouble.row, field=trouble.column)
    except (Refused, ValidationError) as error:
        return arrivals.told(" ".join(getattr(error, "messages", [str(error)])))
    return [] if arrivals.is_in(result) else arrivals.told_of(result)


def _refuse(feed: Feed, name: str, content: bytes, troubles: Told) -> None:
    """Keep the file among the refused arrivals, once also if a crash kept it in the folder."""
    waiting = Arrival.objects.filter(
        feed=feed,
        name=arrivals.printable(name)[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        state=ArrivalState.WAITING,
    )
    if not waiting.exists():
        arrivals.keep(
            content,
            troubles,
            by=BY,
            site=feed.site,
            target=feed.target,
            source=FeedKind.FOLDER,
            name=name,
            feed=feed,
        )


def _put_away(path: Path, now: datetime, troubles: Told) -> None:
    folder = path.parent / (ERRORS if troubles else DONE)
    folder.mkdir(exist_ok=True)
    stamp = f"{now:%Y%m%dT%H%M%S}"
    place = folder / f"{stamp}-{path.name}"
    number = 1
    while place.exists():
        number += 1
        place = folder / f"{stamp}-{number}-{path.name}"
    if troubles:
        reasons = "\n".join(_line(one) for one in troubles)
        place.with_name(f"{place.name}.reason.txt").write_text(reasons + "\n", encoding="utf-8")
    path.rename(place)


def _line(one: dict[str, object]) -> str:
    places = [f"row {one['row']}" if one["row"] else "", str(one["field"] or "")]
    where = ", ".join(place for place in places if place)
    return f"{where}: {one['text']}" if where else str(one["text"])
