"""The seam below the kernel: what an app above it may add to every record."""
