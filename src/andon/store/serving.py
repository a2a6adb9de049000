"""Answers that carry a stored file: to be saved, or a photo to be seen; never a page (UP3)."""

from django.http import HttpResponse

from .names import disposition


def served(data: bytes, *, name: str, media_type: str, inline: bool) -> HttpResponse:
    """Return ``data`` as a file that no browser takes for anything else."""
    answer = HttpResponse(data, content_type=media_type)
    answer["Content-Disposition"] = disposition("inline" if inline else "attachment", name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'"
    answer.is_stored_file = True  # type: ignore[attr-defined]  # no export
    return answer
