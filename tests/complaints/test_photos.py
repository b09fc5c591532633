"""Evidence at a complaint: kept once, by content, in the timeline, and only for who may see it."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from complaints.actions.photos import MOST_PHOTOS, add_photo
from complaints.choices import Shows
from complaints.models import Complaint, Photo
from complaints.statuses import Status
from repairs.photos import read_picture
from tests.visits.factories import picture_file


def page_of(complaint):
    return f"/complaints/{complaint.pk}/"


def add(complaint, by, now, key=None, **more):
    return add_photo(
        complaint, picture=read_picture(picture_file()), client_key=key or uuid4(), by=by, now=now,
        **more,
    )  # fmt: skip


@pytest.mark.clause("CMP-1")
def test_photos_come_with_the_first_words_and_once(as_, desk, unit, estate):
    data = {
        "client_key": str(uuid4()), "estate": estate.pk, "room": unit.code, "category": "other",
        "source": "visit", "contact_phone": "13912341234", "content": "楼道堆满纸箱",
    }  # fmt: skip
    for _again in range(2):
        as_(desk).post(
            "/complaints/add/",
            data | {"photos": [picture_file(), picture_file("b.jpg", colour=(9, 9, 9))]},
        )
    complaint = Complaint.objects.get()
    assert [photo.shows for photo in complaint.photos.all()] == [Shows.COMPLAINT, Shows.COMPLAINT]
    body = as_(desk).get(page_of(complaint)).content.decode()
    first = complaint.photos.first()
    assert body.count('class="timeline-photos"') == 1  # both in one line
    assert body.count(f"/complaints/{complaint.pk}/photos/{first.pk}/?thumb") == 2  # line and card


def test_refused_registration_keeps_the_words_and_writes_nothing(as_, desk, estate):
    data = {
        "client_key": str(uuid4()),
        "estate": estate.pk,
        "content": "",
        "photos": picture_file(),
    }
    assert as_(desk).post("/complaints/add/", data).status_code == 422
    assert not Photo.objects.exists()


@pytest.mark.clause("CMP-2")
def test_photos_of_the_finding_stand_even_when_the_words_are_refused(as_, assistant, house, now):
    complaint = house.accepted(now)
    client, at = as_(assistant), f"{page_of(complaint)}verify/"
    data = {"version": complaint.version, "investigation": "", "photos": picture_file()}
    assert client.post(at, data).status_code == 422
    client.post(at, data | {"investigation": "现场有六箱", "photos": picture_file()})
    complaint.refresh_from_db()
    assert complaint.investigation == "现场有六箱"
    assert [photo.shows for photo in complaint.photos.all()] == [Shows.FINDING]


def test_department_adds_what_it_did_and_the_paper_counts_it(as_, house, now, desk):
    complaint = house.passed_on(now)
    client = as_(house.engmanager)
    client.post(f"{page_of(complaint)}receive/", {"version": complaint.version})
    complaint.refresh_from_db()
    client.post(f"{page_of(complaint)}finish/",
                {"version": complaint.version, "measures": "已清走", "photos": picture_file()})  # fmt: skip
    assert complaint.photos.get().shows == Shows.WORK
    assert "附照片 1 张" in as_(desk).get(f"{page_of(complaint)}print/").content.decode()


def test_state_says_what_a_photo_of_the_sheet_shows(house, now):
    shown = {Status.REGISTERED: "complaint", Status.PROCESSING: "finding", Status.TO_REPLY: "work"}
    for status, shows in shown.items():
        assert add(house.at(status, now), house.desk, now).shows == shows
    with pytest.raises(ValidationError, match="已结案"):
        add(house.at(Status.CLOSED, now), house.desk, now)


def test_sheet_takes_what_is_a_photo_and_names_what_is_none(as_, desk, house, now):
    complaint = house.write(now)
    script = SimpleUploadedFile("evil.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    answer = as_(desk).post(f"{page_of(complaint)}photos/", {"photos": [script, picture_file()]})
    assert answer.status_code == 422
    assert "evil.jpg: 这不是照片" in answer.content.decode()
    assert complaint.photos.count() == 1


def test_photo_is_served_only_within_the_scope(as_, desk, house, now, repairer, outsider, gm):
    complaint = house.write(now)
    photo = add(complaint, desk, now)
    at = photo.get_absolute_url()
    answer = as_(gm).get(at)
    assert (answer.status_code, answer.headers["X-Content-Type-Options"]) == (200, "nosniff")
    assert (
        as_(gm).post(f"{page_of(complaint)}photos/", {"photos": picture_file()}).status_code == 403
    )
    assert as_(repairer).get(at).status_code == 403
    assert as_(outsider).get(at).status_code == 404
    assert as_(house.engmanager).get(at).status_code == 404  # not passed on to engineering
    other = house.write(now)
    assert as_(desk).get(f"{page_of(other)}photos/{photo.pk}/").status_code == 404


def test_key_of_another_complaint_is_refused_and_there_is_an_end(house, now):
    complaint, key = house.write(now), uuid4()
    add(complaint, house.desk, now, key=key)
    assert add(complaint, house.desk, now, key=key) == complaint.photos.get()
    with pytest.raises(ValidationError, match="加在别处"):
        add(house.write(now), house.desk, now, key=key)
    Photo.objects.bulk_create(
        Photo(complaint=complaint, shows=Shows.WORK, file="x.jpg", added_at=now,
              added_by=house.desk, client_key=uuid4())
        for _each in range(MOST_PHOTOS - 1)
    )  # fmt: skip
    with pytest.raises(ValidationError, match="最多 30 张"):
        add(complaint, house.desk, now)
