"""Photos of a complaint: sent, shown and served only through the complaint's own scope."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Staff
from complaints.actions.photos import add_photo
from complaints.models import Complaint, Photo
from complaints.permissions import may_read
from repairs.views.photos import keep_sent, photos_page, picture_response

MAY_ADD = ("complaints.register", "complaints.verify")


def may_add_photos(staff: Staff, complaint: Complaint) -> bool:
    """Whoever hears complaints, and whoever looks into this one, until it is closed."""
    return complaint.is_open and any(staff.has_perm(permission) for permission in MAY_ADD)


def add_url(staff: Staff, complaint: Complaint) -> str:
    """Where more photos can be sent; empty for whoever only looks at them."""
    return (
        reverse("complaints:photo_add", args=[complaint.pk])
        if may_add_photos(staff, complaint)
        else ""
    )


def keep_evidence(request: HttpRequest, complaint: Complaint, *, shows: str = "") -> list[str]:
    """Keep the photos that were sent, the same one once; returns what was refused, in words."""
    now = timezone.now()
    return keep_sent(
        request,
        lambda picture, key: add_photo(
            complaint, picture=picture, client_key=key, by=request.user, now=now, shows=shows
        ),
        form_key=complaint.client_key,
    )


def keep_beside(request: HttpRequest, complaint: Complaint, *, shows: str = "") -> None:
    """Photos that came along with a form: they stand, whatever becomes of what was written."""
    if request.FILES.getlist("photos") and may_add_photos(request.user, complaint):
        for line in keep_evidence(request, complaint, shows=shows):
            messages.warning(request, line)


@require_http_methods(["GET", "HEAD", "POST"])
def photo_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Each photo stands for itself: good ones are kept, others named."""
    if not may_read(request.user):
        raise PermissionDenied
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), pk=pk)
    if not may_add_photos(request.user, complaint):
        raise PermissionDenied
    refused = keep_evidence(request, complaint) if request.method == "POST" else []
    if request.method == "POST" and not refused and not request.htmx:
        return redirect("complaints:complaint_detail", pk=pk)
    return photos_page(
        request, "complaints/photo_add.html", record=complaint, refused=refused,
        add_url=request.path,
    )  # fmt: skip


@require_safe
def photo(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """One photo, or with ``?thumb`` a small one; out of the complaint's scope there is none."""
    if not may_read(request.user):
        raise PermissionDenied
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user).only("pk"), pk=pk)
    picture = get_object_or_404(Photo, complaint=complaint, pk=photo_pk)
    return picture_response(request, picture.file, key=f"complaint-photo-{picture.pk}")
