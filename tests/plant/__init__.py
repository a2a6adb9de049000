"""The statistics of the plant on every engine that is there."""
