"""Each hostile file is refused with a sentence, or stored without what was hostile (UP1)."""

import io
import resource
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import UploadedFile
from PIL import Image

from andon.store import examining, gate
from andon.store.examiner import jobs
from tests.uploads.corpus import DISARMED, HOSTILE, Hostile

MEGABYTE = 1_048_576
MOST_MEMORY = 300 * MEGABYTE
# The limit is 5 s of work; a busy machine may take longer to get to it.
MOST_SECONDS = 15
NO_MARKS = ("<script", "<svg", "Traceback")


class Sent(UploadedFile):
    """A file as the browser sent it; Django itself would clean its name first."""

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(io.BytesIO(data), "placeholder", size=len(data))
        self._name = name


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Keep what the examiner says, with the memory its fork took."""
    kept = []

    def keeping(header: dict[str, Any], body: bytes) -> Any:
        answer = examining.examined(header, body)
        kept.append(answer[0])
        return answer

    monkeypatch.setattr(gate, "examined", keeping)
    return kept


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda one: f"{one.name!r}: {one.about}")
def test_UP1_a_hostile_file_is_refused_with_a_sentence_in_time_and_memory(
    hostile: Hostile, told: list[dict[str, Any]]
) -> None:
    data = hostile.made()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.monotonic()

    with pytest.raises(gate.Unfit) as refused:
        gate.accepted(Sent(hostile.name, data))

    taken = time.monotonic() - begun
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert str(refused.value).endswith(".")
    assert taken < MOST_SECONDS
    assert grown < MOST_MEMORY
    assert all(one["peak"] < MOST_MEMORY for one in told)


@pytest.mark.parametrize("hostile", DISARMED, ids=lambda one: f"{one.name!r}: {one.about}")
def test_UP1_what_is_let_in_holds_nothing_that_was_hostile(
    hostile: Hostile, told: list[dict[str, Any]]
) -> None:
    kept = gate.accepted(Sent(hostile.name, hostile.made()))

    assert all(one["peak"] < MOST_MEMORY for one in told)
    if kept.is_photo:
        assert b"script" not in kept.data
        assert b"PK\x03\x04" not in kept.data
        assert kept.data.endswith(b"\xff\xd9")
        assert not Image.open(io.BytesIO(kept.data)).getexif()


def test_UP1_a_file_of_300_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "row.csv").open("w+b") as sparse:
        sparse.truncate(300 * MEGABYTE)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for size in (300 * MEGABYTE, 10):  # as it is, and as a browser may lie
            with pytest.raises(gate.Unfit, match="20 MB"):
                gate.accepted(UploadedFile(sparse, "row.csv", size=size))

    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < 60 * MEGABYTE


def test_UP1_there_are_at_least_sixty_hostile_files() -> None:
    assert len({(one.about, one.name) for one in HOSTILE}) >= 60


def test_UP1_broken_twin_without_the_examiner_the_same_files_come_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gate, "examined", lambda _header, body: ({}, body))

    let_in = 0
    for hostile in HOSTILE:
        if hostile.name.endswith((".pdf", ".docx", ".xlsx")) and (data := hostile.made()):
            let_in += gate.accept(hostile.name, data).data == data

    assert let_in >= 35


def test_UP1_broken_twin_without_its_limits_the_examiner_takes_more_than_it_may() -> None:
    wide = next(one for one in HOSTILE if one.name == "wide.png")
    asked = {"job": "picture", "size": (2400, 2400), "pixels": 50_000_000, "format": "JPEG"}

    found, _drawn = examining.examined({**asked, "memory": 4_096 * MEGABYTE}, wide.made())

    assert "error" not in found
    assert found["peak"] > 200 * MEGABYTE
    assert examining.examined(asked, wide.made())[0]["error"] in {"memory", "unreadable"}


def test_UP1_work_without_end_is_cut_off_and_the_examiner_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    examining.close()
    endless = "while True: pass"
    monkeypatch.setattr(
        examining, "_START",
        examining._START.replace(
            "main()", f"import andon.store.examiner.jobs as j; j.LOOKS['txt'] = "
            f"lambda *_: exec({endless!r}); main()", 1,
        ).replace("main; ", "main; "),
    )  # fmt: skip
    try:
        begun = time.monotonic()
        found, _body = examining.examined({"job": "look", "ending": "txt", "seconds": 1}, b"words")
        assert found["error"] == "time"
        assert time.monotonic() - begun < MOST_SECONDS
        assert examining.examined({"job": "look", "ending": "pdf"}, b"x")[0]["error"] == "content"
    finally:
        examining.close()


def test_UP1_an_examiner_that_died_is_started_again() -> None:
    assert examining.examined({"job": "look", "ending": "txt"}, b"words")[0].get("error") is None
    waiting = examining._warm
    assert waiting is not None
    waiting.process.kill()
    waiting.process.wait()

    assert examining.examined({"job": "look", "ending": "txt"}, b"words")[0].get("error") is None


def test_UP1_two_files_at_once_are_looked_at_by_two() -> None:
    with examining._lock:
        found, _body = examining.examined({"job": "look", "ending": "txt"}, b"words")

    assert found.get("error") is None


def test_UP1_the_examiner_knows_no_secret_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANDON_SECRET_KEY", "a canary")
    examining.close()
    examining.examined({"job": "look", "ending": "txt"}, b"words")
    assert examining._warm is not None

    environment = Path(f"/proc/{examining._warm.process.pid}/environ").read_bytes()
    assert b"canary" not in environment


def test_each_look_is_for_a_kind_that_may_come_in() -> None:
    assert set(jobs.LOOKS) == set(gate.DOCUMENTS)
