"""Which step a person may take with a line now, and what it is called: one row per verb."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from registers import forms
from registers.actions import archive, cards, keys, mail, papers, records, storage
from registers.catalogue import BY_SLUG
from registers.models import Record
from registers.models.archive import ArchiveStatus as A
from registers.models.cards import CardStatus as C
from registers.models.keys import IN_CABINET
from registers.models.keys import KeyStatus as K
from registers.models.mail import MailStatus as M

KEEP, APPROVE, DECIDE = "registers.keep", "registers.approve", "registers.decide"
ARCHIVE = "registers.archive"


@dataclass(frozen=True)
class Verb:
    """``slug`` of the register, ``act`` the action, ``form`` its sheet; none: one button.

    A ``grave`` step asks once more; one that is ``aside`` is possible, but never what is next.
    """

    slug: str
    key: str
    permission: str
    statuses: Collection[str]
    label: str | Promise
    done: str | Promise
    act: Callable
    icon: str
    form: type[forms.StepForm] = forms.StepForm
    grave: bool = False
    aside: bool = False
    when: Callable[[Record], bool] = lambda _record: True  # beside the state, for what is offered

    @property
    def is_button(self) -> bool:
        return self.form is forms.StepForm


def _unsigned(record: Record) -> bool:
    return record.awaits_signature


def _with_deposit(card: Record) -> bool:
    return card.owes_deposit


def _signed(record: Record) -> bool:
    return not record.awaits_signature


# In the order in which the page offers them: the usual next step first.
VERBS = (
    Verb("keys", "sign", KEEP, IN_CABINET, _("业主已签, 记签名"), _("已记签名"), records.sign,
         "signature", when=_unsigned),
    Verb("keys", "approve_loan", APPROVE, {K.ASKED}, _("批准借用"), _("已批准借用"),
         keys.approve_loan, "check"),
    Verb("keys", "refuse_loan", APPROVE, {K.ASKED}, _("不批准"), _("没有批准, 已告诉申请人"),
         keys.refuse_loan, "x", forms.ReasonForm),
    Verb("keys", "lend", KEEP, {K.APPROVED}, _("借出钥匙"), _("已借出, 到期催还"), keys.lend,
         "arrow-up-right"),
    Verb("keys", "take_back_loan", KEEP, {K.LENT}, _("收回钥匙"), _("已归还入柜"), keys.take_back_loan,
         "arrow-back-up", forms.SealForm),
    Verb("keys", "chase", KEEP, {K.LENT}, _("记催还"), _("已记催还"), keys.chase,
         "phone-outgoing", forms.AnswerForm),
    Verb("keys", "ask_loan", KEEP, {K.HELD}, _("申请借钥匙"), _("已提交, 等助理或经理批准"),
         keys.ask_loan, "send", forms.KeyLoanForm, when=_signed),
    Verb("keys", "withdraw_loan", KEEP, {K.ASKED, K.APPROVED}, _("撤回申请"), _("已撤回申请"),
         keys.withdraw_loan, "arrow-back-up", aside=True),
    Verb("keys", "hand_back", KEEP, {K.HELD}, _("交还业主"), _("已领回, 委托结束"), keys.hand_back,
         "signature", forms.HandForm, grave=True),
    Verb("keys", "reseal", KEEP, IN_CABINET, _("换封条"), _("已换封条"), keys.reseal,
         "lock", forms.ResealForm, aside=True),
    Verb("keys", "settle", APPROVE, {K.LOST}, _("写处理备忘并关闭"), _("已写备忘, 已关闭"),
         keys.settle, "notes", forms.MemoForm, grave=True),
    Verb("keys", "report_lost", KEEP, {*IN_CABINET, K.LENT}, _("报丢失损坏"), _("已报, 等处理备忘"),
         keys.report_lost, "alert-triangle", forms.ReasonForm, grave=True, aside=True),

    Verb("cards", "check_room", KEEP, {C.ASKED}, _("核对房号"), _("房号已核对, 可以发卡"),
         cards.check_room, "checklist", forms.CheckRoomForm),
    Verb("cards", "issue", KEEP, {C.CHECKED}, _("发卡"), _("已发卡"), cards.issue,
         "signature", forms.IssueForm),
    Verb("cards", "block_done", KEEP, {C.LOST}, _("系统已停用"), _("已记停用"), cards.block_done,
         "check"),
    Verb("cards", "replace", KEEP, {C.LOST}, _("补办新卡"), _("已登记新卡, 请核对房号"),
         cards.replace, "copy", forms.ReplaceForm),
    Verb("cards", "report_lost", KEEP, {C.ISSUED}, _("登记挂失"), _("已挂失, 马上在系统停用"),
         cards.report_lost, "alert-triangle", forms.LossForm, aside=True),
    Verb("cards", "take_back", KEEP, {C.ISSUED, C.LOST}, _("收回卡"), _("已收回"), cards.take_back,
         "arrow-back-up", forms.ReasonForm),
    Verb("cards", "settle_deposit", KEEP, cards.SETTLED_WHILE, _("退押金"), _("押金已结清"),
         cards.settle_deposit, "coin-yuan", forms.RefundForm, when=_with_deposit),
    Verb("cards", "void", KEEP, cards.SETTLED_WHILE, _("注销卡"), _("已注销"),
         cards.void, "x", forms.ReasonForm, grave=True, aside=True),

    Verb("mail", "tell", KEEP, {M.RECEIVED}, _("已通知收件人"), _("已记通知"), mail.tell,
         "phone-outgoing", forms.TellForm),
    Verb("mail", "hand_back", KEEP, mail.WAITING, _("送达签收"), _("已送达"), mail.hand_back,
         "signature", forms.HandForm),
    Verb("mail", "hold", KEEP, {M.RECEIVED, M.TOLD}, _("记代存"), _("已记同意代存"), mail.hold,
         "clock", forms.HoldForm),
    Verb("mail", "send_back", KEEP, mail.WAITING, _("退回邮件"), _("已退回"), mail.send_back,
         "arrow-back-up", forms.ReasonForm, grave=True),

    Verb("storage", "sign", KEEP, storage.STORED, _("寄存人已签, 记签名"), _("已记签名"),
         records.sign, "signature", when=_unsigned),
    Verb("storage", "hand_back", KEEP, storage.STORED, _("领取"), _("已领取"), storage.hand_back,
         "signature", forms.HandForm),
    Verb("storage", "ask", KEEP, storage.STORED, _("记催领"), _("已记催领, 明天再催"), storage.ask,
         "phone-outgoing", forms.AnswerForm),
    Verb("storage", "dispose", DECIDE, storage.STORED, _("处置"), _("已处置"), storage.dispose,
         "gavel", forms.DecisionForm, grave=True),

    Verb("archive", "approve_loan", DECIDE, {A.ASKED}, _("批准借阅"), _("已批准借阅"),
         archive.approve_loan, "check"),
    Verb("archive", "refuse_loan", DECIDE, {A.ASKED}, _("不批准"), _("没有批准"),
         archive.refuse_loan, "x", forms.ReasonForm),
    Verb("archive", "hand_out", ARCHIVE, {A.APPROVED}, _("借出档案"), _("已借出"), archive.hand_out,
         "arrow-up-right"),
    Verb("archive", "take_back_loan", ARCHIVE, {A.OUT}, _("归还"), _("已归还"),
         archive.take_back_loan, "arrow-back-up", forms.NoteForm),
    Verb("archive", "approve_destruction", DECIDE, {A.CONDEMNED}, _("批准并销毁"), _("已销毁"),
         archive.approve_destruction, "trash", grave=True),
    Verb("archive", "refuse_destruction", DECIDE, {A.CONDEMNED}, _("不批准销毁"), _("已退回在档"),
         archive.refuse_destruction, "x", forms.ReasonForm),
    Verb("archive", "add_item", ARCHIVE, {A.ON_FILE, A.ASKED, A.APPROVED}, _("加入目录"),
         _("已加入目录"), archive.add_item, "file-plus", forms.ItemForm),
    Verb("archive", "lend", ARCHIVE, {A.ON_FILE}, _("登记借阅"), _("已登记借阅"), archive.lend,
         "arrow-up-right", forms.FileLoanForm),
    Verb("archive", "withdraw_loan", ARCHIVE, {A.ASKED, A.APPROVED}, _("撤回申请"), _("已撤回申请"),
         archive.withdraw_loan, "arrow-back-up", aside=True),
    Verb("archive", "keep_longer", ARCHIVE, {A.ON_FILE}, _("改保存期限"), _("已改保存期限"),
         archive.keep_longer, "clock", forms.RetentionForm),
    Verb("archive", "ask_destruction", ARCHIVE, {A.ON_FILE}, _("提请销毁"), _("已提交, 等经理批准"),
         archive.ask_destruction, "trash", forms.ReasonForm, grave=True),

    Verb("papers", "enter", ARCHIVE, papers.WAITING, _("归入档案"), _("已归档"), papers.enter,
         "archive", forms.EnterForm),
    Verb("papers", "drop", KEEP, papers.WAITING, _("不归档"), _("已记不归档"), papers.drop, "x",
         forms.ReasonForm, grave=True, aside=True),
)  # fmt: skip

BY_KEY = {(verb.slug, verb.key): verb for verb in VERBS}


def verbs_for(staff: Staff, record: Record) -> list[Verb]:
    """The steps of this person with this line, in the order of the table."""
    return [
        verb
        for verb in VERBS
        if verb.slug == record.slug
        and record.status in verb.statuses
        and verb.when(record)
        and staff.has_perm(verb.permission)
    ]


def may_keep(staff: Staff, slug: str) -> bool:
    return staff.has_perm(BY_SLUG[slug].keeps)
