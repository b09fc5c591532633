"""REGISTERS: what the shared pages show and ask for each register. Read it top to bottom.

A register holds here only what every shared page reads. What one of them does differently is in
its own action, listed in ``registers.verbs``.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registers.models import (
    AccessCard,
    ArchiveFile,
    Deposit,
    FilingPapers,
    KeyCustody,
    Mail,
    Record,
)


@dataclass(frozen=True)
class Register:
    """``fields`` are asked on a new line, ``corrected`` may be changed later, ``columns`` stand
    in the list (``in_list``: where the list says more than the field), ``search`` are lookups, ``slip`` are the lines of the paper form in its order,
    ``own_words`` what that form calls a field that all registers share, ``signed`` names who signs
    the slip, ``copies`` is the number of the rulebook that says how many slips are signed, ``tag``
    the one that says in how many parts a tag is printed instead, ``prints_at_once`` offers the
    paper with the saving of a new line, ``keeps`` is the permission to write.
    """

    model: type[Record]
    title: str | Promise
    icon: str
    fields: tuple[str, ...]
    corrected: tuple[str, ...]
    columns: tuple[str, ...]
    search: tuple[str, ...]
    slip: tuple[str, ...]
    signed: tuple[str | Promise, ...]
    slip_title: str | Promise
    own_words: Mapping[str, str | Promise] = field(default_factory=dict)
    in_list: Mapping[str, str] = field(default_factory=dict)
    copies: str = ""
    tag: str = ""
    prints_at_once: bool = False
    keeps: str = "registers.keep"
    joined: tuple[str, ...] = ("unit", "recorded_by")

    @property
    def slug(self) -> str:
        return self.model.slug

    @property
    def label(self) -> str | Promise:
        return self.model._meta.verbose_name

    @property
    def statuses(self) -> Collection[tuple[str, str]]:
        return self.model._meta.get_field("status").choices


REGISTERS = (
    Register(
        model=KeyCustody,
        title=_("钥匙委托"),
        icon="key",
        fields=("unit", "owner_name", "owner_phone", "kind", "quantity", "label", "cabinet",
                "seal_number", "reason", "terms", "disclaimer_told", "owner_signed", "note"),
        corrected=("owner_name", "owner_phone", "kind", "label", "cabinet", "terms", "note"),
        columns=("number", "unit", "owner_name", "kind", "quantity", "label", "cabinet",
                 "seal_number", "status", "recorded_at"),
        search=("number", "unit__code", "owner_name", "label", "owner_phone", "loans__borrower",
                "loans__phone"),
        slip=("unit", "owner_name", "owner_phone", "kind", "quantity", "label", "cabinet",
              "seal_number", "reason", "terms", "disclaimer_told", "owner_signed", "recorded_by",
              "note", "handed_back_at", "handed_to", "handed_document", "handed_back_by", "memo"),
        own_words={"number": _("委托书编号")},
        signed=(_("业主签名"), _("经办人")),
        slip_title=_("业主托管钥匙委托书"),
        copies="keys.copies",
        prints_at_once=True,
    ),
    Register(
        model=AccessCard,
        title=_("功能卡"),
        icon="id",
        fields=("unit", "holder", "kind", "card_number", "fee_kind", "fee", "receipt", "fee_note",
                "note"),
        corrected=("fee_kind", "fee", "receipt", "fee_note", "note"),
        columns=("number", "unit", "holder", "kind", "card_number", "status", "fee", "issued_at",
                 "issued_by"),
        in_list={"fee": "money"},
        search=("number", "unit__code", "holder__name", "card_number"),
        slip=("card_number", "kind", "unit", "holder", "relation", "document", "fee_kind",
              "fee", "receipt", "fee_note", "issued_at", "signed_name", "issued_by", "checked_by",
              "status", "lost_at", "blocked_at", "replaces", "back_at", "refund", "refunded_at",
              "refunded_to", "refunded_by", "refund_note", "void_at", "note"),
        signed=(_("领取人签名"), _("核对人"), _("发放人")),
        slip_title=_("功能卡发放登记表"),
        prints_at_once=True,
        joined=("unit", "recorded_by", "holder", "issued_by"),
    ),
    Register(
        model=Mail,
        title=_("特殊邮件"),
        icon="mail",
        fields=("unit", "recipient", "phone", "kind", "tracking_number", "sent_from", "condition",
                "note"),
        corrected=("recipient", "phone", "kind", "tracking_number", "sent_from", "condition", "note"),
        columns=("number", "unit", "recipient", "kind", "tracking_number", "condition", "status",
                 "handed_to", "recorded_at"),
        search=("number", "unit__code", "recipient", "tracking_number", "phone"),
        slip=("recorded_at", "kind", "tracking_number", "unit", "recipient", "phone", "sent_from",
              "condition", "recorded_by", "told_at", "told_how", "consent_by", "hold_until",
              "handed_back_at", "handed_to", "handed_document", "handed_back_by", "returned_at",
              "return_reason", "note"),
        own_words={"recorded_by": _("接收人"), "handed_back_by": _("送达人")},
        signed=(_("领取人签名"), _("送达人")),
        slip_title=_("特殊邮件收递登记表"),
    ),
    Register(
        model=Deposit,
        title=_("小件寄存"),
        icon="package",
        fields=("occasion", "goods", "unit", "depositor", "phone", "item", "quantity", "features",
                "declared_value", "place", "claim_on", "signed", "refusal", "note"),
        corrected=("depositor", "phone", "item", "features", "declared_value", "place", "claim_on",
                   "note"),
        columns=("number", "occasion", "item", "quantity", "unit", "depositor", "place", "status",
                 "handed_to", "recorded_at"),
        search=("number", "unit__code", "depositor", "item", "phone"),
        slip=("recorded_at", "unit", "depositor", "phone", "item", "quantity", "features",
              "declared_value", "occasion", "place", "claim_on", "recorded_by", "note"),
        own_words={"number": _("寄存牌号")},
        signed=(_("寄存人签名"), _("经办人")),
        slip_title=_("小件物品寄存牌"),
        tag="storage.tag_parts",
        prints_at_once=True,
    ),
    Register(
        model=ArchiveFile,
        title=_("业户档案"),
        icon="archive",
        fields=("unit", "volume", "title", "filed_on", "keeper", "cabinet", "secrecy", "keep_until",
                "note"),
        corrected=("title", "keeper", "cabinet", "secrecy", "note"),
        columns=("number", "unit", "volume", "title", "filed_on", "keeper", "cabinet", "secrecy",
                 "keep_until", "status"),
        search=("number", "unit__code", "title", "keeper", "cabinet", "loans__borrower"),
        slip=("unit", "volume", "title", "filed_on", "keeper", "cabinet", "secrecy", "keep_until",
              "destroy_reason", "destroy_approved_by", "destroyed_at", "note"),
        signed=(_("保管人"), _("借阅人")),
        slip_title=_("业户档案目录"),
        keeps="registers.archive",
    ),
    Register(
        model=FilingPapers,
        title=_("待归档材料"),
        icon="file-plus",
        fields=("unit", "paper", "title", "pages", "formality_at", "brought_by", "place", "note"),
        corrected=("paper", "title", "pages", "brought_by", "place", "note"),
        columns=("number", "unit", "paper", "title", "formality_at", "brought_by", "place", "status",
                 "file"),
        search=("number", "unit__code", "title", "brought_by", "file__number"),
        slip=("unit", "paper", "title", "pages", "formality_at", "brought_by", "recorded_by",
              "place", "filed_at", "file", "filed_by", "note"),
        signed=(_("交件人签名"), _("经办人")),
        slip_title=_("材料交接单"),
        prints_at_once=True,
        joined=("unit", "recorded_by", "file"),
    ),
)  # fmt: skip

BY_SLUG = {register.slug: register for register in REGISTERS}


class RegisterConverter:
    """``<register:register>`` hands views the Register itself; other words are 404."""

    regex = "[a-z]+"

    def to_python(self, value: str) -> Register:
        if value not in BY_SLUG:
            raise ValueError(value)
        return BY_SLUG[value]

    def to_url(self, value: Register | str) -> str:
        return value if isinstance(value, str) else value.slug
