"""Many people sign at the same moment; both databases."""

from pathlib import Path

import pytest
from django.test import override_settings

from andon.records import files
from andon.signing.models import Awaited, Level, Signature
from andon.signing.validity import VALID
from andon.trail.verify import verify
from tests.committed import together
from tests.signatures.scenes import Scene, a_scene, upload


@pytest.fixture
def plant(committed_db: str, tmp_path: Path):
    with override_settings(FILES=tmp_path / "files"):
        yield a_scene()


def test_of_eight_simultaneous_signers_one_wins_and_seven_are_told(plant: Scene):
    plant.turn(Level.ONE)
    hands = [plant.hand() for _each in range(8)]
    for hand in hands:
        hand.look()

    answers = together(8, lambda n: hands[n].send().status_code)

    assert sorted(answers) == [303, *[409] * 7]
    assert Signature.objects.count() == 1
    assert [one.state for one in plant.found()] == [VALID]
    assert verify().findings == []


def test_of_eight_who_sign_first_at_rigour_two_one_is_the_first(plant: Scene):
    plant.turn(Level.TWO)
    hands = [plant.hand(plant.manager if n % 2 else plant.second) for n in range(8)]
    for hand in hands:
        hand.look()

    answers = together(8, lambda n: hands[n].send().status_code)

    assert sorted(answers) == [303, *[409] * 7]
    assert Signature.objects.count() == 1
    assert Awaited.objects.count() == 1
    assert all(not one.faults for one in plant.found())
    assert verify().findings == []


def test_a_file_attached_at_the_same_moment_is_signed_or_refuses_never_a_false_alarm(
    plant: Scene,
):
    plant.turn(Level.ONE)
    hand = plant.hand()
    hand.look()

    def act(n: int) -> int:
        if n == 0:
            return int(hand.send().status_code)
        files.attach(plant.fresh, upload(f"{n}.txt", b"%d" % n), by=plant.owner)
        return 0

    answer = together(6, act)[0]

    assert answer in {303, 409}
    assert Signature.objects.count() == (answer == 303)
    assert all(not one.faults for one in plant.found())
    assert verify().findings == []
