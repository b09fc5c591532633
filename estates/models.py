"""Estates, buildings, units, public places, residents, and who works where."""

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff


def estates_of(staff: Staff) -> "list[Estate]":
    """The estates a person works for, read once per request and kept on the person."""
    if "_estates" not in staff.__dict__:
        rows = Estate.objects.filter(memberships__staff=staff).order_by("pk")
        staff.__dict__["_estates"] = list(rows)
    return staff.__dict__["_estates"]


def estate_ids_of(staff: Staff) -> list[int]:
    """Their ids, for ``filter(estate__in=…)``."""
    return [estate.pk for estate in estates_of(staff)]


def estates_for(staff: Staff) -> "list[int] | models.QuerySet":
    """For ``filter(estate__in=…)`` where each query counts: the ids if they have been read already,
    else the question itself, which costs none of its own but keeps an index from giving the order.
    """
    if "_estates" in staff.__dict__:
        return estate_ids_of(staff)
    return Membership.objects.filter(staff=staff).values("estate")


def forget_places(staff: Staff) -> None:
    """After a change of who works where."""
    for name in ("_estates", "_building_ids"):
        staff.__dict__.pop(name, None)


def building_ids_of(staff: Staff) -> list[int]:
    """The buildings of a butler's area, read once per request and kept on the person."""
    if "_building_ids" not in staff.__dict__:
        staff.__dict__["_building_ids"] = list(
            Area.objects.filter(staff=staff).values_list("building_id", flat=True)
        )
    return staff.__dict__["_building_ids"]


class EstateQuerySet(models.QuerySet):
    def visible_to(self, staff: Staff):
        return self.filter(pk__in=estate_ids_of(staff))


class Estate(models.Model):
    name = models.CharField(_("项目名称"), max_length=60, unique=True)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    desk_phone = models.CharField(_("前台电话"), max_length=20, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)

    objects = EstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("项目")
        ordering = ["pk"]

    def __str__(self):
        return self.name


class Membership(models.Model):
    """A person works for an estate, and sees nothing of others."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="memberships")
    estate = models.ForeignKey(Estate, models.CASCADE, related_name="memberships")

    class Meta:
        verbose_name = verbose_name_plural = _("所属项目")
        constraints = [
            models.UniqueConstraint(fields=["staff", "estate"], name="one_membership_per_estate")
        ]

    def __str__(self):
        return f"{self.staff} · {self.estate}"


class InEstateQuerySet(models.QuerySet):
    """For whatever has an ``estate``."""

    def visible_to(self, staff: Staff):
        return self.filter(estate__in=estate_ids_of(staff))


class Building(models.Model):
    estate = models.ForeignKey(
        Estate, models.CASCADE, related_name="buildings", verbose_name=_("项目")
    )
    code = models.CharField(_("楼号"), max_length=10)
    name = models.CharField(_("楼栋名称"), max_length=40, blank=True)

    objects = InEstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("楼栋")
        ordering = ["estate", "code"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "code"], name="building_code_in_estate")
        ]

    def __str__(self):
        return self.name or _("%(code)s栋") % {"code": self.code}


class Area(models.Model):
    """责任区: a building that a butler answers for. A building has one butler."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="areas", verbose_name=_("管家"))
    building = models.OneToOneField(
        Building, models.CASCADE, related_name="area", verbose_name=_("楼栋")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("责任区")

    def __str__(self):
        return f"{self.staff} · {self.building}"


class Occupancy(models.TextChoices):
    OCCUPIED = "occupied", _("在住")
    LET = "let", _("已出租")
    VACANT_ACCEPTED = "accepted", _("已收未住")
    VACANT_UNDELIVERED = "undelivered", _("未交付")
    VACANT_UNSOLD = "unsold", _("未售")


VACANT = (Occupancy.VACANT_ACCEPTED, Occupancy.VACANT_UNDELIVERED, Occupancy.VACANT_UNSOLD)


class Unit(models.Model):
    estate = models.ForeignKey(Estate, models.CASCADE, related_name="units", verbose_name=_("项目"))
    building = models.ForeignKey(
        Building, models.CASCADE, related_name="units", verbose_name=_("楼栋")
    )
    stair = models.CharField(_("单元"), max_length=10, blank=True)
    floor = models.SmallIntegerField(_("楼层"), null=True, blank=True)
    room = models.CharField(_("房间号"), max_length=12)
    code = models.CharField(_("房号"), max_length=30, help_text=_("如 3-2-1102"))
    area_m2 = models.DecimalField(
        _("建筑面积"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    occupancy = models.CharField(
        _("入住情况"), max_length=12, choices=Occupancy, default=Occupancy.OCCUPIED
    )
    occupied_on = models.DateField(_("入住日期"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    objects = InEstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("房屋")
        ordering = ["estate", "building", "stair", "room"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "code"], name="unit_code_in_estate")
        ]

    def __str__(self):
        return self.code

    @property
    def spoken(self):
        """As said in a sentence and printed: 3栋2单元1102."""
        if self.stair:
            return _("%(building)s栋%(stair)s单元%(room)s") % {
                "building": self.building.code,
                "stair": self.stair,
                "room": self.room,
            }
        return _("%(building)s栋%(room)s") % {"building": self.building.code, "room": self.room}

    @property
    def is_vacant(self):
        return self.occupancy in VACANT


class PlaceKind(models.TextChoices):
    LIFT = "lift", _("电梯")
    GARAGE = "garage", _("车库")
    GATE = "gate", _("大门门禁")
    CORRIDOR = "corridor", _("楼道")
    GARDEN = "garden", _("园区")
    PLANT = "plant", _("设备房")
    OTHER = "other", _("其他")


class PublicPlace(models.Model):
    estate = models.ForeignKey(
        Estate, models.CASCADE, related_name="places", verbose_name=_("项目")
    )
    building = models.ForeignKey(
        Building,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="places",
        verbose_name=_("楼栋"),
    )
    kind = models.CharField(_("类别"), max_length=10, choices=PlaceKind)
    name = models.CharField(_("名称"), max_length=60)

    objects = InEstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("公共部位")
        ordering = ["estate", "name"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "name"], name="place_name_in_estate")
        ]

    def __str__(self):
        return self.name


class Salutation(models.TextChoices):
    """MAN-1 to MAN-3: by position, else 先生; 太太 only if known to be married, else 女士."""

    POSITION = "position", _("职位")
    MR = "mr", _("先生")
    MRS = "mrs", _("太太")
    MS = "ms", _("女士")
    UNKNOWN = "", _("未知")


class Resident(models.Model):
    estate = models.ForeignKey(
        Estate, models.CASCADE, related_name="residents", verbose_name=_("项目")
    )
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    salutation = models.CharField(
        _("称呼"), max_length=10, choices=Salutation, blank=True, default=Salutation.UNKNOWN
    )
    position = models.CharField(_("职位"), max_length=20, blank=True, help_text=_("如 主任、教授"))
    id_number = models.CharField(_("证件号"), max_length=30, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    care_note = models.CharField(
        _("关怀提醒"), max_length=200, blank=True, help_text=_("如独居老人; 按岗位显示, 查看留痕")
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    units = models.ManyToManyField(Unit, through="Residence", related_name="residents")

    objects = InEstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("业户")
        ordering = ["estate", "name", "pk"]
        indexes = [models.Index(fields=["estate", "phone"], name="resident_by_phone")]

    def __str__(self):
        return self.name

    @cached_property
    def addressed(self):
        """How staff address this person, by the manners rules (MAN-1..3)."""
        surname = self.name[:2] if self.name[:2] in COMPOUND_SURNAMES else self.name[:1]
        if self.salutation == Salutation.POSITION and self.position:
            return f"{surname}{self.position}"
        if self.salutation in (Salutation.MR, Salutation.MRS, Salutation.MS):
            return f"{surname}{self.get_salutation_display()}"
        return self.name


COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "尉迟",
        "万俟",
        "慕容",
        "令狐",
        "皇甫",
        "夏侯",
        "东方",
        "南宫",
        "公孙",
        "轩辕",
        "长孙",
        "宇文",
        "司徒",
        "鲜于",
        "闻人",
        "呼延",
    ]
)


class Relation(models.TextChoices):
    OWNER = "owner", _("业主")
    TENANT = "tenant", _("租户")
    FAMILY = "family", _("家属")
    OTHER = "other", _("其他使用人")


class Residence(models.Model):
    """One person in one unit: a person may have several, a unit several people."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="residences")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="residences")
    relation = models.CharField(
        _("与房屋关系"), max_length=8, choices=Relation, default=Relation.OWNER
    )
    until = models.DateField(_("搬离日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("居住关系")
        constraints = [
            models.UniqueConstraint(fields=["resident", "unit"], name="one_residence_per_unit")
        ]

    def __str__(self):
        return f"{self.unit} {self.resident}"


class LookupKey(models.Model):
    """What the one lookup box can find a unit or resident by: every key is one indexed row."""

    class Kind(models.TextChoices):
        ROOM = "room", _("房号")
        PHONE = "phone", _("电话")
        TAIL = "tail", _("电话后四位")
        NAME = "name", _("姓名")
        INITIALS = "initials", _("拼音首字母")
        PINYIN = "pinyin", _("全拼")

    # Indexes on estate and place would only tempt the planner away from the key's own.
    estate = models.ForeignKey(Estate, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="lookup_keys")
    resident = models.ForeignKey(Resident, models.CASCADE, null=True, related_name="lookup_keys")
    place = models.ForeignKey(
        PublicPlace, models.CASCADE, null=True, related_name="lookup_keys", db_index=False
    )

    class Meta:
        verbose_name = verbose_name_plural = _("检索键")
        indexes = [
            # Serves "=" and, with the pattern class on PostgreSQL, LIKE 'prefix%' as well.
            models.Index(
                fields=["key", "estate"],
                name="lookup_by_key",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False)
                | Q(resident__isnull=False)
                | Q(place__isnull=False),
                name="key_finds_something",
            )
        ]

    def __str__(self):
        return self.key


class ImportBatch(models.Model):
    """One workbook on its way in: read, confirmed, worked off in slices, undone within a day."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("待确认")
        RUNNING = "running", _("导入中")
        DONE = "done", _("已导入")
        UNDONE = "undone", _("已撤销")
        DISCARDED = "discarded", _("已放弃")

    estate = models.ForeignKey(
        Estate, models.CASCADE, related_name="imports", verbose_name=_("项目")
    )
    file_name = models.CharField(_("文件"), max_length=120)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PREVIEW)
    by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("导入人")
    )
    created_at = models.DateTimeField(_("上传时间"))
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True)
    headers = models.JSONField(_("表头"), default=dict)
    first_rows = models.JSONField(_("前几行"), default=list)
    bad_rows = models.JSONField(_("有问题的行"), default=list)
    counts = models.JSONField(_("计数"), default=dict)
    total = models.PositiveIntegerField(_("共计"), default=0)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    leased_until = models.DateTimeField(null=True)
    kept = models.JSONField(_("撤销时保留"), default=list)

    objects = InEstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("导入批次")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["estate"], name="import_running", condition=Q(state="running"))
        ]

    def __str__(self):
        return f"{self.estate} {self.file_name}"


class ImportItem(models.Model):
    """One thing a batch ensures, and what it changed: the ground for undoing it."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    data = models.JSONField(default=dict)
    done = models.BooleanField(default=False)
    object_id = models.BigIntegerField(null=True)
    created = models.BooleanField(default=False)
    changed = models.JSONField(default=dict)  # field → [before, after]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="one_item_per_position")
        ]

    def __str__(self):
        return f"{self.batch_id} {self.position}"
