"""Photos of a repair: sent, shown and served only through the repair's own scope."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Staff
from repairs.actions.photos import add_photo
from repairs.models import Photo, Repair
from repairs.photos import Picture, key_of, read_picture, thumbnail

AT_ONCE = 9
MAY_ADD = ("repairs.work", "repairs.register", "repairs.onsite")


def may_add_photos(staff: Staff) -> bool:
    return any(staff.has_perm(permission) for permission in MAY_ADD)


def photo_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was sent. Each photo stands for itself: good ones are kept, others named."""
    repair = get_object_or_404(Repair.objects.visible_to(request.user), pk=pk)
    if not may_add_photos(request.user):
        raise PermissionDenied
    page = {"record": repair, "repair": repair, "add_url": request.path}
    if request.method != "POST":
        return photos_page(request, "repairs/photo_add.html", refused=[], **page)
    now = timezone.now()
    refused = keep_sent(
        request,
        lambda picture, key: add_photo(
            repair, picture=picture, client_key=key, by=request.user, now=now
        ),
    )
    if refused or request.htmx:
        return photos_page(request, "repairs/photo_add.html", refused=refused, **page)
    return redirect("repairs:repair_detail", pk=repair.pk)


def keep_sent(
    request: HttpRequest, keep: Callable[[Picture, UUID], object], *, form_key: UUID | None = None
) -> list[str]:
    """Hand every photo of a sheet to ``keep`` with its key; returns what was refused, in words.

    Each photo stands for itself: good ones are kept, the others named. The same bytes under one
    ``form_key`` (that of the sheet, unless another is named) have the same key.
    """
    refused = []
    files = request.FILES.getlist("photos")
    if not files:
        refused.append(_("选一张照片再上传"))
    if len(files) > AT_ONCE:
        refused.append(_("一次最多 %(most)s 张, 其余的没有上传") % {"most": AT_ONCE})
    form_key = form_key or _form_key(request)
    for file in files[:AT_ONCE]:
        try:
            keep(read_picture(file), key_of(form_key, file))
        except ValidationError as error:
            refused.append(f"{file.name[:60]}: {' '.join(error.messages)}")
    return refused


@require_safe
def photo(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """One photo, or with ``?thumb`` a small one; out of the repair's scope there is none (404)."""
    repair = get_object_or_404(Repair.objects.visible_to(request.user).only("pk"), pk=pk)
    picture = get_object_or_404(Photo, repair=repair, pk=photo_pk)
    return picture_response(request, picture.file, key=f"photo-{picture.pk}")


def picture_response(request: HttpRequest, file: FieldFile, *, key: str) -> HttpResponse:
    """A stored photo, or with ``?thumb`` a small one; for whoever was let through to it.

    ``key`` names the photo among all photos of the house. 404 when its file is gone.
    """
    small = "thumb" in request.GET
    etag = f'"{key}{"-s" if small else ""}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        try:
            opened = file.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        if small:
            with opened:
                answer = HttpResponse(thumbnail(opened), content_type="image/jpeg")
        else:
            answer = FileResponse(opened, content_type="image/jpeg")
    answer.headers["ETag"] = etag
    # Asked for again each time, so that the next person on a shared PC or phone is checked too.
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Disposition"] = f'inline; filename="{key}.jpg"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _form_key(request) -> UUID:
    try:
        return UUID(request.POST.get("client_key", ""))
    except ValueError:
        return uuid4()


def photos_page(
    request: HttpRequest, template: str, *, record, refused: list[str], add_url: str, **more
) -> HttpResponse:
    """The sheet of a record's photos: the fragment for htmx, else a page of its own."""
    return render(
        request,
        "repairs/_photos.html" if request.htmx else template,
        {
            "record": record,
            "photos": record.photos.all(),
            "refused": refused,
            "photo_key": uuid4(),
            "photo_add_url": add_url,
        }
        | more,
        status=422 if refused else 200,
    )
