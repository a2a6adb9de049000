"""Facts of the shop floor, the batches they come in, and imports under way."""

from andon.modules.production.models.batches import Batched, BatchedQuerySet, ImportBatch, Stage
from andon.modules.production.models.facts import Cause, CauseKind, Fact, Output, Scrap, Stop
from andon.modules.production.models.jobs import (
    ImportFile,
    ImportJob,
    KnownMapping,
    StagedChunk,
    Step,
)

__all__ = [
    "Batched",
    "BatchedQuerySet",
    "Cause",
    "CauseKind",
    "Fact",
    "ImportBatch",
    "ImportFile",
    "ImportJob",
    "KnownMapping",
    "Output",
    "Scrap",
    "Stage",
    "StagedChunk",
    "Step",
    "Stop",
]
