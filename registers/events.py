"""What happened to a record, as its history says it: the chain of custody."""

from django.utils.translation import gettext_lazy as _

from history.lines import Telling

EVENTS = {
    "record.added": _("登记"),
    "record.imported": _("从 Excel 登记"),
    "record.changed": _("修改"),
    "record.signed": _("记签名"),
    "deposit.refused": _("拒收"),
    "key.loan_asked": _("申请借用"),
    "key.loan_approved": _("批准借用"),
    "key.loan_refused": _("不批准借用"),
    "key.loan_withdrawn": _("撤回申请"),
    "key.lent": _("借出"),
    "key.chased": _("电话催还"),
    "key.loan_returned": _("归还"),
    "key.sealed": _("换封条"),
    "key.handed_back": _("业主领回"),
    "key.lost": _("丢失损坏"),
    "key.settled": _("处理备忘"),
    "card.checked": _("核对房号"),
    "card.issued": _("发放"),
    "card.lost": _("挂失"),
    "card.blocked": _("系统已停用"),
    "card.replaced": _("补办新卡"),
    "card.taken_back": _("收回"),
    "card.deposit_settled": _("退押金"),
    "card.void": _("注销"),
    "mail.told": _("通知收件人"),
    "mail.held": _("同意代存"),
    "mail.delivered": _("送达"),
    "mail.returned": _("退回"),
    "deposit.asked": _("催领"),
    "deposit.claimed": _("领取"),
    "deposit.disposed": _("处置"),
    "papers.filed": _("归档"),
    "papers.dropped": _("不归档"),
    "file.item_added": _("加入目录"),
    "file.loan_asked": _("申请长借"),
    "file.loan_approved": _("批准借阅"),
    "file.loan_refused": _("不批准借阅"),
    "file.loan_withdrawn": _("撤回申请"),
    "file.lent": _("借出"),
    "file.loan_returned": _("归还"),
    "file.kept_longer": _("改保存期限"),
    "file.destruction_asked": _("申请销毁"),
    "file.destruction_refused": _("不批准销毁"),
    "file.destroyed": _("销毁"),
}

# Details in the order in which a line tells them, with the words before each.
TOLD = (
    ("changes", ""),
    ("borrower", _("借用人")),
    ("owner_answer", _("业主答复")),
    ("sum", "¥"),
    ("to", _("交给")),
    ("file", _("归入")),
    ("document", _("证件")),
    ("quantity", "×"),
    ("seal", _("封条")),
    ("card", _("卡号")),
    ("answer", ""),
    ("reason", _("原因")),
    ("memo", ""),
    ("paper", ""),
    ("until", _("到")),
    ("note", ""),
)

TELLING = Telling(events=EVENTS, told=TOLD, moments=(), readings={}, remarks=())
