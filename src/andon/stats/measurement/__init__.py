"""Measurement system analysis: gages, appraisers and the risk of their decisions."""
