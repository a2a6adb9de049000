"""The run rules point by point: what each point was, as bits of shift registers.

The same function serves points that arrive one by one and, compiled, arrays of any length.
"""

from typing import NamedTuple

from andon.stats.inputs import ROUNDING

BITS = {
    "n1": 1, "n2": 2, "n3": 4, "n4": 8, "n5": 16, "n6": 32, "n7": 64, "n8": 128,
    "we1": 1, "we2": 16, "we3": 32, "we4": 256,
}  # fmt: skip
"""The bit of a rule in what `advance` returns."""


class Registers(NamedTuple):
    """The last points, the newest in the lowest bit; ``last`` is the last value of a trend."""

    over0: int = 0
    under0: int = 0
    over1: int = 0
    under1: int = 0
    over2: int = 0
    under2: int = 0
    up: int = 0
    down: int = 0
    turns: int = 0
    there: int = 0
    near: int = 0
    last: float = float("nan")


_NINE, _EIGHT, _FIVE, _TWELVE, _THREE, _FIFTEEN = 0x1FF, 0xFF, 0x1F, 0xFFF, 0x7, 0x7FFF
_THREE_OF_FOUR = 0xE880
"""Bit m is set where the four bits of m hold three ones or more: 7, 11, 13, 14, 15."""


def advance(
    past: Registers, x: float, center: float, sigma: float, move: float
) -> tuple[Registers, int]:
    """The registers after a point, and the bits of the rules that it completes.

    ``move`` is what trends are judged on: the value, or the standardised value where lines vary.
    A missing point has NaN for ``x``, ``center`` or ``sigma``.
    """
    away = x - center + 0.0 * sigma
    noise = ROUNDING * max(abs(x), abs(center))
    far1, far2, far3 = 1 * sigma + noise, 2 * sigma + noise, 3 * sigma + noise
    up, down = int(move > past.last), int(move < past.last)
    turn = (up & past.down) | (down & past.up)
    here = int(away == away)  # noqa: PLR0124 -- NaN is not itself
    over1, under1 = int(away > far1), int(-away > far1)
    near = here & (1 - over1) & (1 - under1) & int(sigma > 0)
    now = Registers(
        (past.over0 << 1 | int(away > noise)) & _NINE,
        (past.under0 << 1 | int(-away > noise)) & _NINE,
        (past.over1 << 1 | over1) & _EIGHT,
        (past.under1 << 1 | under1) & _EIGHT,
        (past.over2 << 1 | int(away > far2)) & _THREE,
        (past.under2 << 1 | int(-away > far2)) & _THREE,
        (past.up << 1 | up) & _FIVE,
        (past.down << 1 | down) & _FIVE,
        (past.turns << 1 | turn) & _TWELVE,
        (past.there << 1 | here) & _FIVE,
        (past.near << 1 | near) & _FIFTEEN,
        move,
    )
    return now, completed(now, int(away > far3) | int(-away > far3))


def completed(now: Registers, outlier: int) -> int:
    """The bits of the rules whose patterns the newest point completes."""
    full3, full5 = int((now.there & _THREE) == _THREE), int(now.there == _FIVE)
    two = (now.over2 & int(now.over2 > 1)) | (now.under2 & int(now.under2 > 1))
    four = (now.over1 & (_THREE_OF_FOUR >> (now.over1 >> 1 & 15))) | (
        now.under1 & (_THREE_OF_FOUR >> (now.under1 >> 1 & 15))
    )
    mixed = int((now.over1 | now.under1) == _EIGHT) & int(now.over1 != _EIGHT)
    eight = int((now.over0 & _EIGHT) == _EIGHT) | int((now.under0 & _EIGHT) == _EIGHT)
    return (
        outlier
        | (int(now.over0 == _NINE) | int(now.under0 == _NINE)) << 1
        | (int(now.up == _FIVE) | int(now.down == _FIVE)) << 2
        | int(now.turns == _TWELVE) << 3
        | (two & full3 & 1) << 4
        | (four & full5 & 1) << 5
        | int(now.near == _FIFTEEN) << 6
        | (mixed & int(now.under1 != _EIGHT)) << 7
        | eight << 8
    )
