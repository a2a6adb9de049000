"""The API of KPIs (read them and their series, type observations) and of their signals."""

from .kpis import router
from .signals import signals

__all__ = ["router", "signals"]
