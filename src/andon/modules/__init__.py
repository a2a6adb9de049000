"""One folder per subject of quality management, independent of each other."""
