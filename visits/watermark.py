"""Unit, time and name on a photo, drawn here and not on the phone that could draw anything."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont
from pypinyin import lazy_pinyin

QUALITY = 82
# Fonts with Chinese characters where Debian, Windows and macOS keep them.
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "msyh.ttc",
    "simsun.ttc",
    "PingFang.ttc",
)


@cache
def chinese_font() -> str:
    """The first font at hand that has Chinese characters, or nothing."""
    for path in FONTS:
        try:
            ImageFont.truetype(path, 12)
        except OSError:
            continue
        return path
    return ""


def stamped(content: bytes, line: str) -> bytes:
    """The JPEG with ``line`` on a dark bar at its foot; names in pinyin where no font has them."""
    with Image.open(BytesIO(content), formats=("JPEG",)) as image:
        picture = image.convert("RGB")
    size = max(14, picture.width // 36)
    path = chinese_font()
    if path:
        font = ImageFont.truetype(path, size)
    else:
        font = ImageFont.load_default(size)
        line = "".join(lazy_pinyin(line)).encode("ascii", "ignore").decode()
    while font.getlength(line) > picture.width - size and size > 9:
        size -= 1
        font = font.font_variant(size=size)
    bar = Image.new("RGBA", (picture.width, size * 2), (0, 0, 0, 140))
    ImageDraw.Draw(bar).text((size // 2, size), line, font=font, fill="white", anchor="lm")
    picture.paste(bar, (0, picture.height - bar.height), bar)
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
