"""Photos: judged by content, re-encoded, bare of metadata, private."""

import zipfile
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from history.models import Entry
from repairs import actions, photos
from repairs.models import Photo
from repairs.statuses import Status

RED, BLUE = (200, 30, 30), (30, 30, 200)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture_bytes(kind="JPEG", size=(400, 300), mode="RGB", colour=RED, **options):
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def upload(content=None, name="photo.jpg"):
    return SimpleUploadedFile(name, picture_bytes() if content is None else content, "image/jpeg")


def exif_with_place_and_turn():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[1] = "N"
    return exif


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_read_makes_a_jpeg_of_every_usual_kind(kind):
    picture = photos.read_picture(upload(picture_bytes(kind), "x.anything"))
    image = Image.open(BytesIO(picture.content))
    assert (image.format, image.size) == ("JPEG", (400, 300))
    assert (picture.width, picture.height) == (400, 300)


def test_read_shrinks_to_1600_and_keeps_the_shape():
    picture = photos.read_picture(upload(picture_bytes(size=(4000, 2000))))
    assert (picture.width, picture.height) == (1600, 800)


def test_read_turns_upright_and_drops_every_tag():
    content = picture_bytes(
        exif=exif_with_place_and_turn(),
        comment=b"SecretComment",
        xmp=b"<x:xmpmeta>SecretXmp",
        icc_profile=b"SecretProfile",
    )
    assert b"SecretPhone" in content
    picture = photos.read_picture(upload(content))
    assert (picture.width, picture.height) == (300, 400)
    image = Image.open(BytesIO(picture.content))
    assert not image.getexif()
    assert b"Secret" not in picture.content
    assert b"Exif" not in picture.content


def test_read_puts_transparency_on_white():
    content = picture_bytes("PNG", mode="RGBA", colour=(255, 0, 0, 0))
    image = Image.open(BytesIO(photos.read_picture(upload(content)).content))
    assert image.getpixel((5, 5)) == (255, 255, 255)


def zipped():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("a.jpg", b"x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "这不是照片"),
        (b"<html><script>alert(1)</script></html>", "这不是照片"),
        (zipped(), "这不是照片"),
        (b"%PDF-1.7 whatever", "这不是照片"),
        (picture_bytes("GIF", mode="P", colour=1), "这不是照片"),
        (picture_bytes("TIFF"), "这不是照片"),
        (b"", "空的"),
        (picture_bytes(size=(1500, 1500))[:3000], "没有传完整"),
        (picture_bytes("PNG", size=(1500, 1500))[:200], "没有传完整"),
        (picture_bytes("PNG", size=(8000, 7000), mode="1", colour=0), "像素太多"),
        (picture_bytes("PNG", size=(20000, 20000), mode="1", colour=0), "像素太多"),
    ],
    ids=["svg", "html", "zip", "pdf", "gif", "tiff", "empty", "torn", "torn-png", "large", "bomb"],
)
def test_read_refuses_what_is_no_whole_photo(content, said):
    with pytest.raises(ValidationError) as refusal:
        photos.read_picture(upload(content))
    assert said in refusal.value.messages[0]


def test_read_refuses_over_20_mb_before_decoding():
    with pytest.raises(ValidationError) as refusal:
        photos.read_picture(upload(b"\xff\xd8" + b"0" * photos.MAX_BYTES))
    assert refusal.value.messages == ["照片超过 20 MB。换一张, 或改用手机相机的普通画质"]


def test_add_twice_with_one_key_keeps_one_photo_and_one_file(crew, desk, now, tmp_path):
    repair, key = crew.slip(now=now), uuid4()
    picture = photos.read_picture(upload())
    first = actions.add_photo(repair, picture=picture, client_key=key, by=desk, now=now)
    again = actions.add_photo(repair, picture=picture, client_key=key, by=desk, now=now)
    assert first == again
    assert len(list(tmp_path.rglob("*.jpg"))) == 1
    assert Entry.objects.about(repair).filter(event="repair.photo_added").count() == 1


def test_add_with_a_key_of_another_repair_is_refused(crew, desk, now):
    key, picture = uuid4(), photos.read_picture(upload())
    actions.add_photo(crew.slip(now=now), picture=picture, client_key=key, by=desk, now=now)
    with pytest.raises(ValidationError):
        actions.add_photo(crew.slip(now=now), picture=picture, client_key=key, by=desk, now=now)


def send(client, repair, *files, key=None, **headers):
    return client.post(
        reverse("repairs:photo_add", args=[repair.pk]),
        {"photos": list(files), "client_key": str(key or uuid4())},
        headers=headers or None,
    )


def test_upload_keeps_several_and_the_same_form_again_adds_none(as_, desk, crew, now):
    repair, key, client = crew.slip(now=now), uuid4(), as_(desk)
    blue = picture_bytes(colour=BLUE)
    for _ in range(2):
        answer = send(client, repair, upload(), upload(blue), key=key)
        assert answer.status_code == 302
    assert repair.photos.count() == 2


def test_upload_keeps_the_good_ones_and_names_the_bad(as_, desk, crew, now):
    repair = crew.slip(now=now)
    answer = send(as_(desk), repair, upload(), upload(b"<svg/>", "<b>坏.jpg"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "坏.jpg: 这不是照片" in page
    assert "<b>坏" not in page
    assert repair.photos.count() == 1


def test_upload_never_uses_the_name_that_was_sent(as_, desk, crew, now, tmp_path):
    repair = crew.slip(now=now)
    send(as_(desk), repair, upload(name="../../../evil.php"))
    name = repair.photos.get().file.name
    assert "evil" not in name
    assert name.startswith("repairs/2")
    assert not list(tmp_path.rglob("*evil*"))


def test_upload_of_nothing_says_so(as_, desk, crew, now):
    answer = send(as_(desk), crew.slip(now=now))
    assert answer.status_code == 422
    assert "选一张照片" in answer.content.decode()


def test_upload_by_htmx_answers_with_the_fragment(as_, desk, crew, now):
    answer = send(as_(desk), crew.slip(now=now), upload(), **{"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert "?thumb" in page


def test_upload_with_an_unreadable_key_is_still_kept(as_, desk, crew, now):
    repair = crew.slip(now=now)
    send(as_(desk), repair, upload(), key="nonsense")
    assert repair.photos.count() == 1


def test_upload_follows_post_and_scope(as_, gm, outsider, repairer2, repairer, crew, now):
    repair = crew.slip(Status.IN_PROGRESS, now=now)
    assert send(as_(gm), repair, upload()).status_code == 403
    assert send(as_(outsider), repair, upload()).status_code == 404
    assert send(as_(repairer2), repair, upload()).status_code == 404
    assert not Photo.objects.exists()
    assert send(as_(repairer), repair, upload()).status_code == 302


@pytest.fixture
def photo(crew, desk, now):
    repair = crew.slip(now=now)
    return actions.add_photo(
        repair, picture=photos.read_picture(upload()), client_key=uuid4(), by=desk, now=now
    )


def address(photo, *, repair=None):
    return reverse("repairs:photo", args=[repair or photo.repair_id, photo.pk])


def test_photo_is_served_shut_tight(as_, desk, photo):
    answer = as_(desk).get(address(photo))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "private" in answer.headers["Cache-Control"]
    image = Image.open(BytesIO(b"".join(answer.streaming_content)))
    assert image.size == (400, 300)


def test_photo_thumb_is_small(as_, desk, photo):
    image = Image.open(BytesIO(as_(desk).get(address(photo) + "?thumb").content))
    assert max(image.size) == photos.THUMB_SIDE


def test_photo_unchanged_is_not_sent_again(as_, desk, photo):
    client = as_(desk)
    etag = client.get(address(photo)).headers["ETag"]
    answer = client.get(address(photo), headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


def test_photo_out_of_scope_is_404_even_with_its_etag(as_, outsider, desk, crew, photo, now):
    etag = as_(desk).get(address(photo)).headers["ETag"]
    client = as_(outsider)
    assert client.get(address(photo)).status_code == 404
    assert client.get(address(photo), headers={"If-None-Match": etag}).status_code == 404


def test_photo_under_another_repair_is_404(as_, desk, crew, photo, now):
    other = crew.slip(now=now)
    assert as_(desk).get(address(photo, repair=other.pk)).status_code == 404


def test_photo_whose_file_is_gone_is_404(as_, desk, photo):
    photo.file.storage.delete(photo.file.name)
    assert as_(desk).get(address(photo)).status_code == 404


def test_photo_without_login_goes_to_login(client, photo):
    assert client.get(address(photo)).status_code == 302
