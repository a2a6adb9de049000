"""The trail on the screen: who did what, whether it is whole, and what proves it (AT10, AT12)."""
