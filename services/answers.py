"""Answer cards: what to say to a resident, never "I don't know", never too much (MAN-7)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from contacts.manners import FORBIDDEN
from estates.typed import clean_text
from history import entries
from services.models import AnswerCard

# The categories of the intake, by the codes that repairs give them (a test compares the two).
CATEGORIES = (
    ("", _("任何来电")),
    ("water", _("水")),
    ("power", _("电")),
    ("structure", _("土建")),
    ("doors", _("门窗")),
    ("facility", _("公共设施")),
    ("other", _("其他")),
)
EDITABLE = ("category", "question", "answer", "never", "ask", "words", "is_active")
SHOWN = 3


def cards_for(category: str, text: str = "") -> list[AnswerCard]:
    """At most three cards for the intake: of the category, those that fit the words first.

    One query. With ``text`` the cards of every category are searched: a card fits when it holds
    every word, or when one of its key words stands in what the caller asks (家里没水了 → 没水).
    """
    cards = AnswerCard.objects.in_use()
    if text:
        rows = cards.order_by("category", "question")
        return [card for card in rows if _fits(card, text.lower())][:SHOWN]
    # A card of the category itself before those of any kind.
    rows = cards.filter(category__in=[category, ""]) if category else cards.filter(category="")
    return list(rows.order_by("-category", "question")[:SHOWN])


def _fits(card: AnswerCard, text: str) -> bool:
    said = f"{card.question} {card.answer} {card.words}".lower()
    return all(word in said for word in text.split()) or any(
        word in text for word in card.words.lower().split()
    )


@transaction.atomic
def add_card(*, by: Staff, now: datetime, **fields) -> AnswerCard:
    """Add a card; ValidationError by field for a question that is there, or forbidden words."""
    card = AnswerCard(**_cleaned(fields))
    card.full_clean()
    card.save(force_insert=True)
    entries.record(card, "answer.added", by=by, now=now)
    return card


@transaction.atomic
def change_card(
    card: AnswerCard, *, version: int, by: Staff, now: datetime, **fields
) -> AnswerCard:
    """Change a card as the page with ``version`` showed it; the old words stay in history.

    Raises ValidationError by field, or with code ``stale`` when a colleague changed it meanwhile.
    """
    fields = _cleaned(fields)
    before = AnswerCard.objects.get(pk=card.pk)
    changed = {
        name: [getattr(before, name), value]
        for name, value in fields.items()
        if name in EDITABLE and getattr(before, name) != value
    }
    if "question" in changed and (
        AnswerCard.objects.filter(question=fields["question"]).exclude(pk=card.pk).exists()
    ):
        raise ValidationError({"question": _("已经有这一条, 改那一条就好")})
    updated = AnswerCard.objects.filter(pk=card.pk, version=version).update(
        **{name: fields[name] for name in changed}, version=F("version") + 1
    )
    if not updated:
        raise ValidationError(_("同事刚改过这张卡。核对下面两边的内容, 再保存一次"), code="stale")
    if changed:
        entries.record(before, "answer.changed", by=by, now=now, changed=changed)
    card.refresh_from_db()
    return card


def _cleaned(fields: dict) -> dict:
    cleaned = {
        name: clean_text(value) if isinstance(value, str) else value
        for name, value in fields.items()
    }
    said = [word for word in FORBIDDEN if word in cleaned.get("answer", "")]
    if said:
        raise ValidationError(
            {
                "answer": _("不对业户说“%(word)s”。写能告诉他的, 或者请示谁、何时答复")
                % {"word": said[0]}
            }
        )
    return cleaned


# category, question, answer, never, ask, words
SAMPLES = (
    ("water", "家里突然停水了", "我马上为您查是计划停水还是管道故障。请先看一下邻居家有没有水, "
     "十分钟内我给您回电话告诉您结果。", "不承诺具体来水时间", "接单人员", "没水 停水 水压"),
    ("water", "漏水淹到楼下了", "请您先关上家里的总阀, 我现在就派维修人员上门, 并通知楼下业户。"
     "您放心, 我会跟到处理完。", "不判断是谁的责任", "客服助理", "漏水 渗水 总阀"),
    ("power", "家里跳闸没电", "请先不要反复合闸, 把正在用的大功率电器关掉。我安排电工上门检查, "
     "到场前给您电话。", "不指导业户自行接线", "接单人员", "跳闸 停电 没电"),
    ("structure", "墙面屋顶渗水什么时候能修好", "我先安排人上门查看原因, 看过之后把维修办法和时间"
     "书面告诉您。", "不承诺工期和赔偿", "工程部经理", "渗漏 墙 屋顶 保修"),
    ("doors", "门锁坏了进不了家", "请您稍等, 我联系维修人员并核对您的业户资料。开锁前需要看一下"
     "您的证件, 这是为了您家的安全。", "不代开锁、不给无证件者开门", "客服助理", "门锁 钥匙 开锁"),
    ("facility", "电梯什么时候能修好", "电梯维保单位已接到通知, 我问清到场时间后回电话告诉您。"
     "如有人被困请马上告诉我。", "不承诺修复时刻", "工程部经理", "电梯 困人"),
    ("other", "维修要多少钱", "我按公布的服务价目为您查; 表上没有的项目, 师傅上门看过先报价, "
     "您同意再做。", "不口头报价、不打折", "客服部经理", "收费 多少钱 价格"),
    ("", "我要找你们领导", "您的心情我理解。请您先告诉我是什么事, 我记下来, 今天之内请主管给您回电话。",
     "不推脱、不给私人电话", "客服助理", "领导 经理 投诉"),
    ("", "你们什么时候来", "我现在联系接单人员, 确定时间后马上给您回电话; 约好的时间有变也会提前告诉您。",
     "没问过工程部前不说几点到", "接单人员", "什么时候 几点 多久"),
    ("", "我问的事你也答不上来", "这个问题我请示一下, 五分钟内给您回电话。请问您这个号码方便接听吗?",
     "不猜着答", "客服助理", "请示 答复"),
)  # fmt: skip


def seed_cards(**kwargs) -> None:
    """Put in the sample cards once: a card that staff changed or switched off stays as it is.

    Runs after migrate.
    """
    if AnswerCard.objects.exists():
        return
    AnswerCard.objects.bulk_create(
        AnswerCard(category=category, question=question, answer=answer, never=never, ask=ask,
                   words=words, is_sample=True)
        for category, question, answer, never, ask, words in SAMPLES
    )  # fmt: skip
