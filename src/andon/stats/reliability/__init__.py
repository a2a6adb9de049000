"""Failures, repairs, equipment effectiveness and calibration intervals."""
