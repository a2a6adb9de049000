"""The jobs of the examiner: draw a picture anew, or look through a document."""

from typing import Any

from andon.store.examiner import packages, papers, pictures, texts
from andon.store.examiner.found import Bad

LOOKS = {"pdf": papers.look, "txt": texts.look, "csv": texts.look,
         "xlsx": packages.look, "docx": packages.look}  # fmt: skip


def warm() -> None:
    """Load what each job needs, once, before the first fork."""
    pictures.warm()


def done(header: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """Return what was found, and the new bytes of a picture."""
    try:
        if header["job"] == "picture":
            return {}, pictures.redrawn(body, header)
        LOOKS[header["ending"]](body, header)
    except Bad as bad:
        return {"error": bad.word, "text": bad.text}, b""
    except MemoryError:
        return {"error": "memory"}, b""
    except Exception as error:  # noqa: BLE001 - whatever a parser does with a hostile file
        return {"error": "unreadable", "text": type(error).__name__}, b""
    return {}, b""
