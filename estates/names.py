"""Chinese names as they are typed: pinyin, initials, and surnames with two readings."""

import re

from pypinyin import Style, lazy_pinyin

from estates.models import COMPOUND_SURNAMES
from estates.typed import half_width

# Surnames that are read otherwise than the same character usually is; both are indexed, since
# staff type what they see as often as what they say.
SURNAME_READINGS = {
    "曾": ("zeng", "ceng"), "单": ("shan", "dan"), "仇": ("qiu", "chou"), "解": ("xie", "jie"),
    "查": ("zha", "cha"), "区": ("ou", "qu"), "任": ("ren",), "盖": ("ge", "gai"),
    "朴": ("piao", "pu"), "覃": ("qin", "tan"), "翟": ("zhai", "di"), "缪": ("miao", "mou"),
    "乐": ("yue", "le"), "华": ("hua",), "纪": ("ji",), "葛": ("ge",), "燕": ("yan",),
    "宁": ("ning",), "曲": ("qu",), "万": ("wan",), "黑": ("he", "hei"), "员": ("yun", "yuan"),
    "重": ("chong", "zhong"), "洗": ("xian", "xi"), "召": ("shao", "zhao"), "石": ("shi",),
    "种": ("chong", "zhong"), "秘": ("bi", "mi"), "折": ("she", "zhe"), "幺": ("yao",),
    "尉迟": ("yu chi", "wei chi"), "万俟": ("mo qi", "wan si"), "长孙": ("zhang sun", "chang sun"),
    "澹台": ("tan tai", "dan tai"), "令狐": ("ling hu",), "宇文": ("yu wen",),
}  # fmt: skip


def surname_of(name: str) -> str:
    """The surname a Chinese name begins with, also a compound one."""
    two = name[:2]
    return two if two in COMPOUND_SURNAMES or two in SURNAME_READINGS else name[:1]


def readings(name: str) -> list[list[str]]:
    """Every reading of a name, as lists of syllables; only the surname is read in several ways."""
    compact = re.sub(r"[\W_]+", "", half_width(name)).lower()
    surname = surname_of(compact)
    rest = _syllables(compact[len(surname) :])
    known = SURNAME_READINGS.get(surname)
    heads = [reading.split() for reading in known] if known else [_syllables(surname)]
    return [head + rest for head in heads]


def _syllables(text):
    """Pinyin per character; letters and digits stand for themselves."""
    return lazy_pinyin(text, style=Style.NORMAL, errors=list)


def initials_of(name: str) -> set[str]:
    """王秀梅 → {"wxm"}; 曾强 → {"zq", "cq"}."""
    return {"".join(syllable[:1] for syllable in reading) for reading in readings(name)}


def pinyin_of(name: str) -> set[str]:
    """王秀梅 → {"wangxiumei", "wangxm"}: in full, and the surname in full with initials."""
    found = set()
    for reading in readings(name):
        found.add("".join(reading))
        width = len(surname_of(name))
        found.add("".join(reading[:width]) + "".join(part[:1] for part in reading[width:]))
    return found


def spoken_parts(name: str, most: int = 12) -> set[str]:
    """A name and its endings, so that an indexed prefix search finds any part of it."""
    compact = re.sub(r"[\W_]+", "", half_width(name)).lower()
    return {compact[start:][:60] for start in range(min(len(compact), most))}
