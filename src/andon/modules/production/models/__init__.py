"""Facts of the shop floor, the batches they come in, and imports under way."""

from andon.modules.production.models.batches import Batched, BatchedQuerySet, ImportBatch, Stage
from andon.modules.production.models.facts import Cause, CauseKind, Fact, Output, Scrap, Stop
from andon.modules.production.models.feeds import (
    Arrival,
    ArrivalContent,
    ArrivalState,
    Feed,
    FeedKind,
    FolderFile,
    SeenMessage,
    SentBatch,
)
from andon.modules.production.models.jobs import (
    ImportFile,
    ImportJob,
    KnownMapping,
    StagedChunk,
    Step,
)
from andon.modules.production.models.orders import Delivery, Receipt
from andon.modules.production.models.plans import CycleTime, Plan, Rework

__all__ = [
    "Arrival",
    "ArrivalContent",
    "ArrivalState",
    "Batched",
    "BatchedQuerySet",
    "Cause",
    "CauseKind",
    "CycleTime",
    "Delivery",
    "Fact",
    "Feed",
    "FeedKind",
    "FolderFile",
    "ImportBatch",
    "ImportFile",
    "ImportJob",
    "KnownMapping",
    "Output",
    "Plan",
    "Receipt",
    "Rework",
    "Scrap",
    "SeenMessage",
    "SentBatch",
    "Stage",
    "StagedChunk",
    "Step",
    "Stop",
]
