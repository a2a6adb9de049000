"""Forms of the import desk: the file, how it is read, which column is what, what words mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.portal.desk.fields import NEW_ROW, SKIP_ROW, Field, Target
from andon.portal.desk.run import can_be_made
from andon.portal.desk.values import Lexicon, folded
from andon.records.adopting import ADOPT
from andon.store.fields import ReadOnceField

ACCEPTED = ".csv,.tsv,.txt,.psv,.ssv,.dat,.xlsx,.xlsm,.xls,.ods,.zip,.jsonl,.json,.htm,.html"
ENCODINGS = ("utf-8", "cp1252", "latin-1", "utf-16")
WHOLE_LIST = 60
SHOWN_WORDS = 40


class UploadForm(forms.Form):
    """The file, what is in it, and where it comes from."""

    target = forms.ChoiceField(label=_("What is in the file"))
    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=80,
        help_text=_(
            "Where the file comes from, such as “NC log of Plant 1”. The next file of this source"
            " needs no mapping."
        ),
    )
    file = ReadOnceField(
        label=_("File"),
        help_text=_("XLSX, XLS, ODS, CSV, text, JSON lines or HTML; up to 20 MB, 20,000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args: Any, viewer: User, targets: Sequence[Target], **options: Any) -> None:
        super().__init__(*args, **options)
        choice, offered = self.fields["target"], self.fields["site"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - for the type checker
        assert isinstance(offered, forms.ModelChoiceField)  # noqa: S101
        label = {True: _("Records"), False: _("Lists")}
        choice.choices = [
            (label[kind], [(t.name, _capital(t.label)) for t in targets if t.is_record is kind])
            for kind in (True, False)
        ]
        seen = Site.objects.visible_to(viewer).order_by("code")
        sites = [site.pk for site in seen if viewer.may_at(ADOPT, site.pk)]
        offered.queryset = seen.filter(pk__in=sites)
        if len(sites) == 1:
            offered.initial = sites[0]


def _capital(label: Any) -> str:
    text = str(label)
    return text[:1].upper() + text[1:]


class AnswerForm(forms.Form):
    """One question about the file and its choices."""

    def __init__(self, *args: Any, trouble: Mapping[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["answer"] = forms.ChoiceField(
            label=trouble.get("sentence", ""),
            choices=[tuple(each) for each in trouble.get("options", ())],
            widget=forms.RadioSelect,
        )


class ReadForm(forms.Form):
    """How to read the file, where the guess was wrong."""

    header_row = forms.IntegerField(label=_("Heading in row"), min_value=1, required=False)
    separator = forms.ChoiceField(
        label=_("Cells are parted by"),
        required=False,
        choices=[
            ("", _("As found")),
            (",", _("comma")),
            (";", _("semicolon")),
            ("\t", _("tab")),
            ("|", _("bar")),
        ],
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[("", _("As found")), *((name, name.upper()) for name in ENCODINGS)],
    )
    side_by_side = forms.MultipleChoiceField(
        label=_("Columns side by side that are rows of one kind"),
        required=False,
        help_text=_("Their headings become one column, their cells another: one column a vendor."),
    )

    def __init__(self, *args: Any, columns: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        side = self.fields["side_by_side"]
        assert isinstance(side, forms.MultipleChoiceField)  # noqa: S101
        side.choices = [(name, name) for name in columns]

    def clean(self) -> dict[str, Any]:
        """Keep the tab: a choice is stripped of blanks otherwise."""
        cleaned = super().clean() or {}
        raw = self.data.get("separator", "")
        return {**cleaned, "separator": raw if raw == "\t" else cleaned.get("separator")}


class WordsForm(forms.Form):
    """What words mean that nobody knows: one choice for each, guessed where one is close."""

    def __init__(
        self,
        *args: Any,
        target: Target,
        unknown: Mapping[str, Mapping[str, int]],
        lexicons: Mapping[str, Lexicon],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.asked: list[tuple[Field, str, int, str]] = []
        for name, words in unknown.items():
            spec = target.field(name)
            if spec is not None and name in lexicons:
                self._ask(spec, words, lexicons[name])

    def _ask(self, spec: Field, words: Mapping[str, int], known: Lexicon) -> None:
        order = sorted(words.items(), key=lambda each: (-each[1], each[0]))
        for word, times in order[:SHOWN_WORDS]:
            name = f"{spec.name}_{len(self.asked)}"
            guess = known.guess(word)
            self.fields[name] = forms.ChoiceField(
                label=_("“%(word)s” (%(times)d times) is as %(field)s")
                % {"word": word[:80], "times": times, "field": spec.label},
                required=False,
                choices=self._choices(spec, known, guess),
                initial=guess,
            )
            self.asked.append((spec, word, times, name))

    @staticmethod
    def _choices(spec: Field, known: Lexicon, guess: str) -> list[tuple[str, Any]]:
        offered = dict(known.labels)
        if len(offered) > WHOLE_LIST:
            offered = {guess: offered[guess]} if guess else {}
        special: list[tuple[str, Any]] = [("", _("not decided"))]
        if can_be_made(spec):
            special.append((NEW_ROW, _("new: make it")))
        if not spec.required:
            special.append(("-", _("leave it empty")))
        return [*special, *offered.items(), (SKIP_ROW, _("leave these rows out"))]

    def words(self) -> dict[str, dict[str, str]]:
        """Return what was decided, by field and word."""
        found: dict[str, dict[str, str]] = {}
        for spec, word, _times, name in self.asked:
            value = self.cleaned_data.get(name, "")
            if value:
                found.setdefault(spec.name, {})[folded(word)] = "" if value == "-" else value
        return found


class ReplaceForm(forms.Form):
    """One word for another in a whole column."""

    column = forms.ChoiceField(label=_("In column"))
    old = forms.CharField(label=_("Replace"), required=False, max_length=500)
    new = forms.CharField(label=_("By"), required=False, max_length=500)

    def __init__(self, *args: Any, columns: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        column = self.fields["column"]
        assert isinstance(column, forms.ChoiceField)  # noqa: S101
        column.choices = [(name, name) for name in columns]


class ReasonForm(forms.Form):
    """Why rows are left out, or an import is undone."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
