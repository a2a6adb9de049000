"""What a record carries of the answers to custom fields, which are kept beside it."""

from collections.abc import Mapping
from typing import Any, ClassVar

# Stands in the text for search between the kind's words and those of the answers.
OWN_WORDS = "\x1e"


class Answered:
    """Part of every record: the answers it is created with, and the words a search finds."""

    # Whether what fails in a checklist is raised as a record of this kind.
    takes_failures: ClassVar[bool] = False

    search_text: Any
    # What a new record answers, by key; None: nobody was asked.
    given: Mapping[str, Any] | None = None
    # What a search finds in the answers; None: as it was.
    own_words: str | None = None

    def text_for_search(self) -> str:
        raise NotImplementedError

    def searched(self) -> str:
        """Return all that a search looks through, with what custom fields hold at the end."""
        kept = str(self.search_text).partition(OWN_WORDS)[2]
        words = kept if self.own_words is None else self.own_words
        return f"{self.text_for_search()}{OWN_WORDS}{words}" if words else self.text_for_search()

    @property
    def custom(self) -> Mapping[str, Any] | None:
        return self.given

    @custom.setter
    def custom(self, given: Mapping[str, Any] | None) -> None:
        """Take the answers beside the fields, as ``Kind(title=…, custom={…})``."""
        self.given = given
