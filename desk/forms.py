"""The intake form: shape and choices of one call; the rules themselves are in the actions."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from contacts.models import Contact, Outcome, Source
from estates import lookup
from estates.models import Estate, PublicPlace, Residence, Resident, Unit, estates_of
from estates.phones import clean_phone
from estates.typed import clean_text, parse_moment
from repairs.models import Category, Phrase, Priority, Repair
from services.models import ServiceItem

# A call without a repair ends as one of these.
OTHER_OUTCOMES = (
    Outcome.ANSWERED,
    Outcome.HELPED,
    Outcome.CALL_BACK,
    Outcome.COMPLAINT,
    Outcome.DISMISSED,
)
LONGEST_CONTENT = 2000


class TypedField(forms.CharField):
    """Text as people type it: NUL and control signs are dropped, not refused."""

    def to_python(self, value):
        return clean_text(super().to_python(value))


class HiddenId(forms.IntegerField):
    """An id that a pick left in the form; rubbish reads as none."""

    widget = forms.HiddenInput

    def clean(self, value):
        try:
            return super().clean(value)
        except ValidationError:
            return None


@dataclass
class Intake:
    """What one call came to, checked and ready for ``desk.actions``."""

    client_key: UUID
    estate: Estate
    started_at: datetime | None
    contact: dict
    repair: dict
    outcome: str = Outcome.REPAIR
    answer: str = ""
    attach_to: Repair | None = None
    draft: dict = field(default_factory=dict)
    suggestion: str = ""


class IntakeForm(forms.Form):
    client_key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": _("这一页没有编号。刷新页面, 内容会恢复")},
    )
    started_at = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    estate = HiddenId(required=False)
    unit = HiddenId(required=False)
    resident = HiddenId(required=False)
    place = HiddenId(required=False)
    service_item = HiddenId(required=False)
    who = TypedField(label=_("业户"), required=False, max_length=60)
    content = TypedField(label=_("报修内容"), required=False)
    category = forms.ChoiceField(label=_("类别"), choices=Category.choices, required=False)
    where = TypedField(label=_("位置"), required=False, max_length=60)
    priority = forms.ChoiceField(label=_("紧急程度"), choices=Priority.choices, required=False)
    appointment_at = TypedField(label=_("预约"), required=False, max_length=60)
    contact_phone = TypedField(label=_("来电号码"), required=False, max_length=60)
    contact_name = TypedField(label=_("联系人"), required=False, max_length=60)
    source = forms.ChoiceField(label=_("方式"), choices=Source.choices, required=False)
    reported_at = forms.CharField(label=_("实际报修时间"), required=False, max_length=30)
    late_entry_reason = TypedField(label=_("补录原因"), required=False, max_length=100)
    outcome = forms.ChoiceField(
        label=_("结果"), required=False, choices=[(o.value, o.label) for o in OTHER_OUTCOMES]
    )
    answer = TypedField(label=_("答复"), required=False, max_length=1000)
    suggestion = TypedField(label=_("业户建议"), required=False, max_length=2000)

    def __init__(self, data=None, *, staff: Staff, now: datetime, estates=None, **options):
        super().__init__(data, **options)
        self.staff, self.now = staff, now
        if estates is not None:
            self.estates = estates
        self.do = (data or {}).get("do", "")

    @cached_property
    def estates(self) -> list[Estate]:
        return estates_of(self.staff)

    # --- reading one field ------------------------------------------------------------------

    def clean_content(self):
        content = self.cleaned_data["content"]
        if len(content) > LONGEST_CONTENT:
            raise ValidationError(
                _("报修内容最多 %(most)s 字, 现在有 %(now)s 字。删短一些, 细节可写在备注里")
                % {"most": LONGEST_CONTENT, "now": len(content)}
            )
        return content

    def clean_contact_phone(self):
        return clean_phone(self.cleaned_data["contact_phone"])

    def clean_appointment_at(self):
        text = self.cleaned_data["appointment_at"]
        return parse_moment(text, self.now) if text else None

    def clean_reported_at(self):
        text = self.cleaned_data["reported_at"].strip()
        if not text:
            return None
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None:
            raise ValidationError(_("看不懂这个时间。写成 2026-11-23 14:05 这样"))
        return timezone.make_aware(moment) if timezone.is_naive(moment) else moment

    def clean_started_at(self):
        try:
            moment = parse_datetime(self.cleaned_data["started_at"])
        except ValueError:
            moment = None
        return moment if moment and timezone.is_aware(moment) else None

    # --- who and where ----------------------------------------------------------------------

    def clean(self):
        data = self.cleaned_data
        self.estates  # noqa: B018 -- one query for the form and the scope of what was picked
        if not self._pick_household():
            data["unit"] = self._pick(Unit.objects.select_related("estate", "building"), "unit")
            data["resident"] = self._pick(Resident.objects.select_related("estate"), "resident")
        data["place"] = self._pick(
            PublicPlace.objects.select_related("estate", "building"), "place"
        )
        if not (data["unit"] or data["resident"] or data["place"]) and data.get("who"):
            self._read_who(data["who"])
        data["estate"] = self._estate()
        if data["estate"] is None:
            self.add_error("who", _("选一个项目, 或选中一条匹配"))
        return data

    def _pick_household(self):
        """Both a unit and one of its people were picked: one query reads the two."""
        data = self.cleaned_data
        if not (data.get("unit") and data.get("resident")):
            return False
        estates = [estate.pk for estate in self.estates]
        home = (
            Residence.objects.filter(unit=data["unit"], resident=data["resident"])
            .filter(unit__estate__in=estates)
            .select_related("unit__estate", "unit__building", "resident")
            .first()
        )
        if home:
            data["unit"], data["resident"] = home.unit, home.resident
        return home is not None

    def _pick(self, rows, name):
        pk = self.cleaned_data.get(name)
        if not pk:
            return None
        found = rows.visible_to(self.staff).filter(pk=pk).first()
        if found is None:
            self.add_error("who", _("这条匹配已经不在。重新查一次房号或姓名"))
        return found

    def _read_who(self, text):
        """What was typed but not picked: a room, a name, a place, or the caller's number."""
        data = self.cleaned_data
        matches = lookup.find(text, staff=self.staff, limit=6)
        best = [m for m in matches if m.rank == matches[0].rank]
        if len({m.unit.pk for m in best if m.unit}) == 1 and best[0].unit:
            data["unit"] = best[0].unit
            data["resident"] = best[0].resident if len(best) == 1 or best[0].rank == 0 else None
            return
        if matches:
            lines = "、".join(
                f"{m.unit.code if m.unit else ''} {m.resident.name if m.resident else ''}".strip()
                for m in matches
            )
            self.add_error(
                "who",
                _("“%(text)s”对得上几户: %(lines)s。选中其中一条") % {"text": text, "lines": lines},
            )
            return
        places = lookup.find_places(text, staff=self.staff, limit=2)
        if len(places) == 1:
            data["place"] = places[0]
            return
        if not data.get("contact_phone"):
            try:
                data["contact_phone"] = clean_phone(text)
            except ValidationError:
                self.add_error(
                    "who",
                    _("没有找到“%(text)s”。可以只记电话先受理, 房号稍后补") % {"text": text},
                )

    def _estate(self):
        for name in ("unit", "place", "resident"):
            if self.cleaned_data.get(name):
                return self.cleaned_data[name].estate
        wanted = self.cleaned_data.get("estate")
        if wanted:
            return next((e for e in self.estates if e.pk == wanted), None)
        return self.estates[0] if len(self.estates) == 1 else None

    # --- for the action ---------------------------------------------------------------------

    def contact_fields(self) -> dict:
        """What the contact itself keeps, as far as it is readable: also of an unfinished form."""
        data = self.cleaned_data
        return {
            "source": data.get("source") or Source.PHONE,
            "caller_name": data.get("contact_name", ""),
            "phone": (data.get("contact_phone") or "")[:20],
            "resident": data.get("resident"),
            "unit": data.get("unit"),
            "place": data.get("place"),
            "text": (data.get("content") or "")[:LONGEST_CONTENT],
        }

    def draft(self) -> dict:
        """What was typed, to open the form again from another page or machine."""
        return {
            name: str(self.data.get(name, ""))[:LONGEST_CONTENT]
            for name in self.fields
            if name != "client_key" and self.data.get(name)
        }

    def intake(self) -> Intake:
        data = self.cleaned_data
        item = data.get("service_item")
        return Intake(
            client_key=data["client_key"],
            estate=data["estate"],
            started_at=data.get("started_at"),
            contact=self.contact_fields(),
            repair={
                "content": data["content"],
                "category": data.get("category") or Category.OTHER,
                "priority": data.get("priority") or Priority.NORMAL,
                "where": data.get("where", ""),
                "unit": data["unit"],
                "place": data["place"],
                "resident": data["resident"],
                "contact_name": data.get("contact_name", ""),
                "contact_phone": data.get("contact_phone", ""),
                "appointment_at": data.get("appointment_at"),
                "service_item": ServiceItem.objects.filter(pk=item).first() if item else None,
                "reported_at": data.get("reported_at"),
                "late_entry_reason": data.get("late_entry_reason", ""),
            },
            outcome=data.get("outcome") or Outcome.REPAIR
            if self.do == "finish"
            else Outcome.REPAIR,
            answer=data.get("answer", ""),
            suggestion=data.get("suggestion", ""),
            draft=self.draft(),
        )


def initial_from_contact(contact: Contact) -> dict:
    """The form of a contact that was begun: its draft, under its own key."""
    started = timezone.localtime(contact.started_at).isoformat()
    place = contact.unit or contact.place or contact.resident
    return {
        "source": contact.source,
        "contact_phone": contact.phone,
        "contact_name": contact.caller_name,
        "content": contact.text,
        "unit": contact.unit_id,
        "resident": contact.resident_id,
        "place": contact.place_id,
        "who": str(place) if place else "",
        **contact.draft,
        "client_key": contact.client_key,
        "started_at": started,
        "estate": contact.estate_id,
    }


def phrases_for(text: str, limit: int = 8) -> list[Phrase]:
    """Common phrases by their initials or the beginning of their text; one query."""
    typed = clean_text(text)[:30]
    if not typed:
        return []
    rows = Phrase.objects.filter(is_active=True)
    if typed.isascii():
        rows = rows.filter(initials__startswith=typed.lower().replace("'", "").replace(" ", ""))
    else:
        rows = rows.filter(text__contains=typed)
    return list(rows.order_by("initials", "text")[:limit])
