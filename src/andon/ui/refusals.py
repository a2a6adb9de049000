"""How an act that cannot be done says so: a sentence for the user, and where it is put right."""

from collections.abc import Sequence

from django.utils.functional import Promise

Text = str | Promise


class Refused(Exception):
    """An act that cannot be done now: a sentence for the user, and where the reason is fixed.

    ``fix`` is an address, or a ``#place`` on the record's own page.
    """

    def __init__(self, message: Text, *, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        return str(self.message)

    @property
    def items(self) -> tuple["Refused", ...]:
        return (self,)


class Refusal(Refused):
    """Everything that is missing for one transition, all at once."""

    def __init__(self, missing: Sequence[Refused]) -> None:
        super().__init__(" ".join(str(one) for one in missing))
        self._items = tuple(missing)

    @property
    def items(self) -> tuple[Refused, ...]:
        return self._items
