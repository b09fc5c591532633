"""Reading pictures that people send: judged by content, re-encoded, stripped of everything else."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID, uuid5

import pillow_heif
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

pillow_heif.register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000  # the largest phone cameras; what is larger is a bomb
LONGEST_SIDE = 1600
THUMB_SIDE = 320
QUALITY = 80


@dataclass(frozen=True)
class Picture:
    """A JPEG of our own making, upright, without any metadata. Sizes in pixels."""

    content: bytes
    width: int
    height: int


def read_picture(file: UploadedFile) -> Picture:
    """Decode what was sent, whatever its name says, and encode it anew.

    Raises ValidationError, in words for the sender, for anything that is not a whole photo of
    at most 20 MB and 50 million pixels.
    """
    if file.size > MAX_BYTES:
        raise ValidationError(_("照片超过 20 MB。换一张, 或改用手机相机的普通画质"))
    if not file.size:
        raise ValidationError(_("照片是空的, 可能没有传完整。再传一次"))
    try:
        image = Image.open(file, formats=FORMATS)
    except Exception as error:  # hostile bytes make decoders raise anything
        raise ValidationError(_not_a_photo(error)) from error
    if image.width * image.height > MAX_PIXELS:
        raise ValidationError(_too_large())
    try:
        return _encode(image, LONGEST_SIDE)
    except Exception as error:  # as above
        raise ValidationError(_("照片打不开, 可能没有传完整。重新传一次, 或换一张")) from error


def thumbnail(file) -> bytes:
    """A small JPEG of a stored photo, made on the fly."""
    with Image.open(file, formats=("JPEG",)) as image:
        return _encode(image, THUMB_SIDE).content


def key_of(form_key: UUID, file: UploadedFile) -> UUID:
    """The idempotency key of one photo of one opened form: the same bytes twice are one photo."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return uuid5(form_key, digest.hexdigest())


def _encode(image: Image.Image, side: int) -> Picture:
    image.draft("RGB", (side, side))  # lets the JPEG decoder skip what is not needed
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((side, side), Image.Resampling.LANCZOS)
    # A fresh canvas carries no EXIF, XMP, comment or colour profile; transparency becomes white.
    canvas = Image.new("RGB", upright.size, "white")
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        canvas.paste(upright, mask=upright.getchannel("A"))
    else:
        canvas.paste(upright.convert("RGB"))
    out = BytesIO()
    canvas.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), canvas.width, canvas.height)


def _not_a_photo(error: Exception):
    if isinstance(error, (Image.DecompressionBombError, Image.DecompressionBombWarning)):
        return _too_large()
    return _("这不是照片。选 JPG、PNG、WebP 或 HEIC 格式的照片")


def _too_large():
    return _("照片的像素太多。改用手机相机的普通画质再拍")
