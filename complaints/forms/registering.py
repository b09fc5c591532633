"""The form of a new complaint: the resident's words first."""

from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from complaints.choices import Category, Channel
from complaints.forms.steps import photos_field
from estates import lookup
from estates.inputs import MomentInput
from estates.models import Estate, PublicPlace, Unit
from estates.phones import clean_phone
from estates.typed import clean_text
from repairs.forms.steps import text


def maybe_moment(label):
    return forms.DateTimeField(
        label=label,
        widget=MomentInput(),
        required=False,
        error_messages={"invalid": _("时间没看懂, 写成 2026-11-23 15:30 这样")},
    )


class ComplaintForm(forms.Form):
    client_key = forms.UUIDField(widget=forms.HiddenInput)
    estate = forms.ModelChoiceField(
        Estate.objects.none(), label=_("项目"), error_messages={"required": _("选一个项目")}
    )
    room = forms.CharField(
        label=_("房号或公共部位"),
        max_length=60,
        required=False,
        help_text=_("如 3-2-1102、东门; 不知道就只记电话"),
    )
    contact_name = forms.CharField(label=_("投诉人"), max_length=60, required=False)
    contact_phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    how_to_reach = forms.CharField(
        label=_("没有电话时怎么联系"), max_length=100, required=False,
        help_text=_("如 晚上在家, 上门说"),
    )  # fmt: skip
    content = text(_("业户原话"), rows=4, missing=_("写业户的原话, 一句也行"), length=2000)
    demand = text(_("业户要求"), required=False, length=1000)
    category = forms.ChoiceField(label=_("投诉类别"), choices=Category.choices)
    source = forms.ChoiceField(label=_("投诉方式"), choices=Channel.choices)
    against = forms.CharField(label=_("被投诉人或部门"), max_length=60, required=False)
    where = forms.CharField(label=_("事发地点"), max_length=100, required=False)
    happened_at = maybe_moment(_("事发时间"))
    complained_at = maybe_moment(_("投诉时间"))
    photos = photos_field()
    late_entry_reason = forms.CharField(label=_("补录原因"), max_length=100, required=False)

    def __init__(self, *args, staff: Staff, now, origin=None, **kwargs):
        kwargs["initial"] = {
            "client_key": uuid4(),
            "source": Channel.PHONE,
            "category": Category.OTHER,
        } | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.staff, self.now, self.origin = staff, now, origin
        self.fields["content"].help_text = _("照原话写。登记后不能再改, 说错了用备注更正")
        if origin:
            for name in ("estate", "room", "contact_name", "contact_phone", "how_to_reach"):
                del self.fields[name]
            return
        self.fields["estate"].queryset = Estate.objects.visible_to(staff).order_by("pk")
        if len(self.estates) == 1:
            self.fields["estate"].widget = forms.HiddenInput()
            self.fields["estate"].initial = self.estates[0]

    @cached_property
    def estates(self):
        return list(self.fields["estate"].queryset)

    def clean_content(self):
        return clean_text(self.cleaned_data["content"])

    def clean_demand(self):
        return clean_text(self.cleaned_data["demand"])

    def clean_contact_phone(self):
        return clean_phone(self.cleaned_data["contact_phone"])

    def clean_complained_at(self):
        found = self.cleaned_data["complained_at"]
        this_minute = timezone.localtime(self.now).replace(second=0, microsecond=0)
        return None if found == this_minute else found

    def clean(self):
        data = super().clean()
        room, estate = data.get("room", "").strip(), data.get("estate")
        if room and estate:
            self._find(room, estate, data)
        return data

    def _find(self, room, estate, data):
        """The one unit, else the one public place, that was meant; else say what is unclear."""
        units = self._units(room, estate)
        found = units or self._places(room, estate)
        if not found:
            self.add_error(
                "room",
                _("没有找到“%(room)s”。可以不写, 只记电话和事发地点") % {"room": room},
            )
        elif len(found) > 1:
            names = "、".join(each.code if units else each.name for each in found)
            self.add_error(
                "room",
                _("“%(room)s”对得上几处: %(names)s。写完整") % {"room": room, "names": names},
            )
        elif units:
            data["unit"] = units[0]
            data["resident"] = self._resident(units[0], data)
        else:
            data["place"] = found[0]

    def _units(self, room, estate) -> list[Unit]:
        exact = list(Unit.objects.filter(estate=estate, code=room).select_related("building"))
        if exact:
            return exact
        found = {
            match.unit.pk: match.unit
            for match in lookup.find(room, staff=self.staff, limit=5)
            if match.unit and match.unit.estate_id == estate.pk
        }
        return list(found.values())

    def _places(self, room, estate) -> list[PublicPlace]:
        found = lookup.find_places(room, staff=self.staff, limit=5)
        here = [place for place in found if place.estate_id == estate.pk]
        return [place for place in here if place.name == room] or here

    def _resident(self, unit, data):
        """Whoever of the unit has the name or the number that was written, if it is one person."""
        name, phone = data.get("contact_name", "").strip(), data.get("contact_phone", "")
        people = [
            person
            for person in unit.residents.all()
            if (name and person.name == name) or (phone and person.phone == phone)
        ]
        return people[0] if len(people) == 1 else None

    def terms(self) -> dict:
        """The keyword arguments of the action."""
        left_out = ("client_key", "room", "photos")
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}
