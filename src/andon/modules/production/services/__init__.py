"""What people do with facts: record, correct, publish, undo; and name causes."""

from andon.modules.production.services.batches import (
    Changed,
    compare,
    discard,
    open_batch,
    publish,
    record,
    undo,
)
from andon.modules.production.services.causes import add_cause, cause_for
from andon.modules.production.services.feeds import save_feed
from andon.modules.production.services.shifts import ShiftKey, record_shift

__all__ = [
    "Changed",
    "ShiftKey",
    "add_cause",
    "cause_for",
    "compare",
    "discard",
    "open_batch",
    "publish",
    "record",
    "record_shift",
    "save_feed",
    "undo",
]
