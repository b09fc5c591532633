"""Photos of a visit, private: shown to whoever may see the visit."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from repairs.views.photos import picture_response
from visits.models import Visit, VisitPhoto


@require_safe
@permission_required("visits.view", raise_exception=True)
def visit_photo(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """With its watermark; ``?original`` without, ``?thumb`` small. Out of scope there is none."""
    visit = get_object_or_404(Visit.objects.visible_to(request.user).only("pk"), pk=pk)
    photo = get_object_or_404(VisitPhoto, visit=visit, pk=photo_pk)
    bare = "original" in request.GET
    return picture_response(
        request,
        photo.original if bare else photo.file,
        key=f"visit-photo-{photo.pk}{'-o' if bare else ''}",
    )
