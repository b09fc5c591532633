"""Forms of estates: they check shape; actions check manners, versions and who was faster."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from estates.models import (
    Building,
    Estate,
    Occupancy,
    PlaceKind,
    PublicPlace,
    Relation,
    Resident,
    Salutation,
    Unit,
)
from estates.phones import clean_phone
from estates.typed import clean_text, half_width


class CleanCharField(forms.CharField):
    """One line without NUL, control characters and full-width digits."""

    def __init__(self, *args, half=False, **options):
        self.half = half
        super().__init__(*args, **options)

    def to_python(self, value):
        text = clean_text(value).replace("\n", " ")
        return super().to_python(half_width(text) if self.half else text)


class PhoneField(CleanCharField):
    def __init__(self, **options):
        options.setdefault("label", _("电话"))
        options.setdefault("max_length", 40)
        super().__init__(half=True, widget=forms.TextInput(attrs={"inputmode": "tel"}), **options)

    def clean(self, value):
        return clean_phone(super().clean(value))


class EstateForm(forms.ModelForm):
    name = CleanCharField(label=_("项目名称"), max_length=60)
    address = CleanCharField(label=_("地址"), max_length=120, required=False)

    desk_phone = CleanCharField(
        label=_("前台电话"), max_length=30, required=False,
        help_text=_("回访打不通时发给业户的话里用"),
    )  # fmt: skip

    class Meta:
        model = Estate
        fields = ["name", "address", "desk_phone"]

    def clean_desk_phone(self):
        return clean_phone(self.cleaned_data["desk_phone"])

    def validate_unique(self):
        """Left to the action, which says what to do about it."""


class BuildingForm(forms.ModelForm):
    code = CleanCharField(label=_("楼号"), max_length=10, half=True, help_text=_("如 3 或 A1"))
    name = CleanCharField(label=_("楼栋名称"), max_length=40, required=False)

    class Meta:
        model = Building
        fields = ["code", "name"]

    def clean_code(self):
        code = self.cleaned_data["code"].replace(" ", "")
        if not code.isalnum():
            raise ValidationError(_("楼号只写数字或字母, 如 3 或 A1"))
        return code


class PlaceForm(forms.ModelForm):
    name = CleanCharField(label=_("名称"), max_length=60, help_text=_("如 2号电梯、B1车库"))
    kind = forms.ChoiceField(label=_("类别"), choices=PlaceKind.choices)

    class Meta:
        model = PublicPlace
        fields = ["name", "kind", "building"]

    def __init__(self, *args, estate, **options):
        super().__init__(*args, **options)
        self.fields["building"].queryset = Building.objects.filter(estate=estate)
        self.fields["building"].empty_label = _("不在某栋楼里")


class VersionedForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.initial["version"] = self.instance.version

    def values(self):
        """What was typed, without the version."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def _post_clean(self):
        """The record itself is written by the action alone."""


class UnitForm(VersionedForm):
    occupancy = forms.ChoiceField(label=_("入住情况"), choices=Occupancy.choices)
    floor = forms.IntegerField(label=_("楼层"), required=False, min_value=-20, max_value=300)
    area_m2 = forms.DecimalField(
        label=_("建筑面积"), required=False, min_value=0, max_digits=8, decimal_places=2
    )
    occupied_on = forms.DateField(
        label=_("入住日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = CleanCharField(label=_("备注"), max_length=200, required=False)

    class Meta:
        model = Unit
        fields = ["occupancy", "floor", "area_m2", "occupied_on", "note"]


class _PersonFields(forms.Form):
    name = CleanCharField(label=_("姓名"), max_length=60)
    salutation = forms.ChoiceField(
        label=_("称呼"),
        choices=[("", _("未知 (按全名)")), *(c for c in Salutation.choices if c[0])],
        required=False,
        help_text=_("男士有职位称职位, 没有的称先生; 女士确知已婚可称太太, 弄不清一律称女士"),
    )
    position = CleanCharField(
        label=_("职位"),
        max_length=20,
        required=False,
        help_text=_("如 主任、教授; 按职位称呼时必填"),
    )
    phone = PhoneField(required=False)
    id_number = CleanCharField(label=_("证件号"), max_length=30, required=False, half=True)
    note = CleanCharField(label=_("备注"), max_length=200, required=False)
    care_note = CleanCharField(
        label=_("关怀提醒"),
        max_length=200,
        required=False,
        help_text=_("如 独居老人、上门前先电话; 只给有权限的岗位看, 每次查看都留痕"),
    )

    PERSON = ["name", "salutation", "position", "phone", "id_number", "note", "care_note"]


class ResidentForm(_PersonFields, VersionedForm):
    field_order = ["version", *_PersonFields.PERSON]

    class Meta:
        model = Resident
        fields = _PersonFields.PERSON


class PersonForm(_PersonFields):
    """A person who joins a unit."""

    relation = forms.ChoiceField(label=_("与房屋关系"), choices=Relation.choices)

    field_order = ["name", "relation", "phone", "salutation", "position"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name in ("id_number", "care_note"):
            del self.fields[name]


class UploadForm(forms.Form):
    estate = forms.ModelChoiceField(label=_("导入到"), queryset=Estate.objects.none())
    file = forms.FileField(
        label=_("工作簿(.xlsx)"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=_(
            "一张“资产信息”表, 或“楼栋单元、业主信息、房屋信息”三张表; 列按表头认, 次序不限"
        ),
    )

    def __init__(self, *args, estates, **options):
        super().__init__(*args, **options)
        self.fields["estate"].queryset = estates
        self.fields["estate"].empty_label = None
