"""Photos of a repair: sent, shown and served only through the repair's own scope."""

from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Staff
from repairs.actions.photos import add_photo
from repairs.models import Photo, Repair
from repairs.photos import key_of, read_picture, thumbnail

AT_ONCE = 9
MAY_ADD = ("repairs.work", "repairs.register", "repairs.onsite")


def may_add_photos(staff: Staff) -> bool:
    return any(staff.has_perm(permission) for permission in MAY_ADD)


def photo_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was sent. Each photo stands for itself: good ones are kept, others named."""
    repair = get_object_or_404(Repair.objects.visible_to(request.user), pk=pk)
    if not may_add_photos(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return _photos_page(request, repair, [])
    refused = []
    files = request.FILES.getlist("photos")
    if not files:
        refused.append(_("选一张照片再上传"))
    if len(files) > AT_ONCE:
        refused.append(_("一次最多 %(most)s 张, 其余的没有上传") % {"most": AT_ONCE})
    form_key = _form_key(request)
    for file in files[:AT_ONCE]:
        try:
            add_photo(
                repair,
                picture=read_picture(file),
                client_key=key_of(form_key, file),
                by=request.user,
                now=timezone.now(),
            )
        except ValidationError as error:
            refused.append(f"{file.name[:60]}: {' '.join(error.messages)}")
    if refused or request.htmx:
        return _photos_page(request, repair, refused)
    return redirect("repairs:repair_detail", pk=repair.pk)


@require_safe
def photo(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """One photo, or with ``?thumb`` a small one; out of the repair's scope there is none (404)."""
    repair = get_object_or_404(Repair.objects.visible_to(request.user).only("pk"), pk=pk)
    picture = get_object_or_404(Photo, repair=repair, pk=photo_pk)
    small = "thumb" in request.GET
    etag = f'"photo-{picture.pk}{"-s" if small else ""}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        try:
            file = picture.file.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        if small:
            with file:
                answer = HttpResponse(thumbnail(file), content_type="image/jpeg")
        else:
            answer = FileResponse(file, content_type="image/jpeg")
    answer.headers["ETag"] = etag
    # Asked for again each time, so that the next person on a shared PC is checked too.
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Disposition"] = f'inline; filename="{picture.pk}.jpg"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _form_key(request) -> UUID:
    try:
        return UUID(request.POST.get("client_key", ""))
    except ValueError:
        return uuid4()


def _photos_page(request, repair, refused) -> HttpResponse:
    template = "repairs/_photos.html" if request.htmx else "repairs/photo_add.html"
    return render(
        request,
        template,
        {
            "repair": repair,
            "photos": repair.photos.all(),
            "refused": refused,
            "photo_key": uuid4(),
            "may_add_photos": True,
        },
        status=422 if refused else 200,
    )
