"""What a household answers: by its link, or typed in from paper by staff."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.forms.fields import HouseholdMixin
from community.models import Questionnaire
from estates.typed import clean_text


class ReturnForm(forms.Form):
    """A household's answers: five levels per question, free words, an opinion, a suggestion."""

    def __init__(self, data=None, *, questions, **kwargs):
        super().__init__(data, **kwargs)
        self.questions = questions
        for question in questions:
            # The usual questions are read in the language of the page, others as they were written.
            label = gettext(question.text)
            self.fields[f"q{question.pk}"] = forms.CharField(required=False, label=label)
        self.fields["opinion"] = forms.CharField(required=False, label=_("意见"))
        self.fields["suggestion"] = forms.CharField(required=False, label=_("建议"))

    def clean(self):
        for question in self.questions:
            typed = self.cleaned_data.get(f"q{question.pk}", "").strip()
            if not question.is_free and typed and typed not in ("1", "2", "3", "4", "5"):
                self.add_error(f"q{question.pk}", _("评价只有五级: 5 很满意 … 1 不满意"))
        return self.cleaned_data

    def written(self) -> list[forms.BoundField]:
        """The fields that hold words, not levels."""
        free = [f"q{question.pk}" for question in self.questions if question.is_free]
        return [self[name] for name in (*free, "opinion", "suggestion")]

    def answers(self) -> dict:
        """``scores``, ``texts``, ``opinion`` and ``suggestion`` for the action."""
        scores, texts = {}, {}
        for question in self.questions:
            typed = self.cleaned_data.get(f"q{question.pk}", "").strip()
            if question.is_free:
                texts[question.pk] = typed
            elif typed:
                scores[question.pk] = int(typed)
        return {
            "scores": scores, "texts": texts, "opinion": self.cleaned_data.get("opinion", ""),
            "suggestion": self.cleaned_data.get("suggestion", ""),
        }  # fmt: skip


class EntryForm(HouseholdMixin, ReturnForm):
    """The same, typed in by staff from paper: first the room, then one digit a question."""

    def __init__(self, data=None, *, survey, staff, **kwargs):
        super().__init__(data, **kwargs)
        self.survey, self.staff = survey, staff
        self.fields["room"] = forms.CharField(label=_("房号"), max_length=40)
        self.fields["channel"] = forms.ChoiceField(
            label=_("方式"), choices=[("paper", _("纸质")), ("phone", _("电话"))]
        )

    def clean_room(self):
        unit = self.read_room(clean_text(self.cleaned_data["room"]), self.staff)
        rows = Questionnaire.objects.visible_to(self.staff).filter(survey=self.survey, unit=unit)
        form = rows.select_related("survey__estate", "unit").first()
        if form is None:
            raise ValidationError(_("%(room)s 没有这次征询的问卷") % {"room": unit.code})
        if form.returned_at:
            at = timezone.localtime(form.returned_at)
            raise ValidationError(
                _("%(room)s 的问卷 %(at)s 已经收到")
                % {"room": unit.code, "at": f"{at:%m-%d %H:%M}"}
            )
        return form
