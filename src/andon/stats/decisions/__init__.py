"""Aids to decide where to begin: Pareto, FMEA, scores, yields, cost."""
