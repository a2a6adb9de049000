"""The form of a checklist: every item a field, none required until the sign-off."""

from typing import Any

from django import forms

from andon.accounts.models import User
from andon.records.forms import OWN
from andon.sheets import asking, reading
from andon.sheets.design import Question, Type
from andon.sheets.models import Sheet


class ChecklistForm(forms.Form):
    """The items of one run, with what is answered so far."""

    def __init__(
        self, *args: Any, questions: tuple[Question, ...], sheet: Sheet | None, viewer: User
    ) -> None:
        super().__init__(*args)
        self.questions = questions
        for question in questions:
            if question.type == Type.NOTE:
                continue
            field = asking.field_of(question, viewer=viewer, required=False)
            if sheet is not None:
                rows = reading.rows_for(sheet, question.key)
                field.initial = asking.value_of(question, rows)
            self.fields[question.name] = field

    def items(self) -> list[tuple[Question, forms.BoundField | None]]:
        """Return every question with its field; an instruction has none."""
        return [(q, self[q.name] if q.name in self.fields else None) for q in self.questions]

    def given(self) -> dict[str, Any]:
        return {name.removeprefix(OWN): value for name, value in self.cleaned_data.items()}
