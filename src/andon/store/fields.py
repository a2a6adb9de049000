"""Form fields for files that are kept, or are read and thrown away (UP1, UP4)."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from . import gate, keeping


class KeptField(forms.FileField):
    """A file that a record will carry: it has passed the gate when the form is valid."""

    def __init__(self, *, allowed: Collection[str] = gate.ATTACHMENTS, **options: Any) -> None:
        super().__init__(**options)
        self.allowed = allowed

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            keeping.admitted(upload, self.allowed)
        return upload


class ReadOnceField(forms.FileField):
    """A file whose content is read and not kept: its size is capped, and the scanner is asked.

    What reads it (`andon.tables`, a form's JSON) has a gate of its own for the content.
    """

    def __init__(self, *, largest: int = gate.LARGEST_FILE, **options: Any) -> None:
        super().__init__(**options)
        self.largest = largest

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            gate.read_once(upload, largest=self.largest)
        return upload
