"""The people who work in the demo, their reporting lines (clauses 1.15) and areas."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts import posts
from accounts.models import Staff
from accounts.posts import Post, post_of
from estates.models import Area, Building, Estate, Membership

DEFAULT_PASSWORD = "yamei-demo"  # noqa: S105 - published on purpose, for invented people only


@dataclass(frozen=True)
class Account:
    """One login. ``estates`` counts which of the two demo estates the person works for."""

    username: str
    name: str
    post: str
    superior: str
    estates: tuple[int, ...] = (0,)

    @property
    def duty(self) -> Post:
        return post_of(self.post)


ACCOUNTS = (
    Account("gm", "郑国强", posts.GENERAL_MANAGER, "", (0, 1)),
    Account("manager", "周敏", posts.CS_MANAGER, "gm"),
    Account("assistant", "赵静", posts.CS_ASSISTANT, "manager"),
    Account("butler1", "刘洋", posts.BUTLER, "assistant"),
    Account("butler2", "王倩", posts.BUTLER, "assistant"),
    Account("butler3", "杨洁", posts.BUTLER, "assistant"),
    Account("desk1", "张敏", posts.FRONT_DESK, "assistant"),
    Account("desk2", "李倩", posts.FRONT_DESK, "assistant"),
    Account("night1", "钱伟", posts.NIGHT_DUTY, "assistant"),
    Account("cashier", "吴芳", posts.CASHIER, "assistant"),
    Account("foreman", "冯大勇", posts.ENV_FOREMAN, "manager"),
    Account("engmanager", "孙建国", posts.ENG_MANAGER, "gm"),
    Account("dispatcher", "马长林", posts.ENG_DISPATCHER, "engmanager"),
    Account("repairer1", "孙小军", posts.REPAIRER, "dispatcher"),
    Account("repairer2", "吴勇", posts.REPAIRER, "dispatcher"),
    Account("publicaffairs", "何丽", posts.PUBLIC_AFFAIRS, "gm"),
    Account("sysadmin", "陈志远", posts.SYSADMIN, "gm", (0, 1)),
    Account("outsider", "韩雪", posts.FRONT_DESK, "gm", (1,)),
)

AREAS = {"butler1": ("1", "2", "3", "4", "32"), "butler2": ("5", "6"), "butler3": ("7", "8")}


def hire(estates: list[Estate], *, password: str) -> dict[str, Staff]:
    """Make every account; returns them by login name."""
    staff = {}
    hashed = make_password(password)  # one for all: hashing is slow on purpose
    for account in ACCOUNTS:
        staff[account.username] = Staff.objects.create(
            username=account.username,
            password=hashed,
            name=account.name,
            post=account.post,
            superior=staff.get(account.superior),
        )
    Membership.objects.bulk_create(
        Membership(staff=staff[account.username], estate=estates[number])
        for account in ACCOUNTS
        for number in account.estates
    )
    return staff


def give_areas(staff: dict[str, Staff], estate: Estate) -> dict[int, Staff]:
    """Share the buildings among the butlers; returns the butler of each building's id."""
    buildings = {building.code: building for building in Building.objects.filter(estate=estate)}
    areas = [
        Area(staff=staff[username], building=buildings[code])
        for username, codes in AREAS.items()
        for code in codes
    ]
    Area.objects.bulk_create(areas)
    return {area.building_id: area.staff for area in areas}
