"""What people ask across nonconformities: similar cases, clusters, Paretos, holds, concessions."""

from .clusters import Cluster, clusters
from .holds import Concession, Hold, concessions, holds
from .pareto import FIELDS, WEIGHTS, Bar, pareto
from .similar import Similar, similar, similar_to

__all__ = [
    "FIELDS",
    "WEIGHTS",
    "Bar",
    "Cluster",
    "Concession",
    "Hold",
    "Similar",
    "clusters",
    "concessions",
    "holds",
    "pareto",
    "similar",
    "similar_to",
]
