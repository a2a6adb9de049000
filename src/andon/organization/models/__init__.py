"""What every record names: processes, items, parties, lines, shifts; and the settings."""

from andon.organization.models.lists import Holiday, Item, Line, Party, Process, Shift
from andon.organization.models.settings import Settings

__all__ = ["Holiday", "Item", "Line", "Party", "Process", "Settings", "Shift"]
