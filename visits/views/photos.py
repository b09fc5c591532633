"""Photos of a visit, private: shown to whoever may see the visit."""

from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from repairs.photos import thumbnail
from visits.models import Visit, VisitPhoto


@require_safe
@permission_required("visits.view", raise_exception=True)
def visit_photo(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """With its watermark; ``?original`` without, ``?thumb`` small. Out of scope there is none."""
    visit = get_object_or_404(Visit.objects.visible_to(request.user).only("pk"), pk=pk)
    photo = get_object_or_404(VisitPhoto, visit=visit, pk=photo_pk)
    small, bare = "thumb" in request.GET, "original" in request.GET
    etag = f'"visit-photo-{photo.pk}{"-s" if small else ""}{"-o" if bare else ""}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        try:
            file = (photo.original if bare else photo.file).open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        if small:
            with file:
                answer = HttpResponse(thumbnail(file), content_type="image/jpeg")
        else:
            answer = FileResponse(file, content_type="image/jpeg")
    answer.headers["ETag"] = etag
    # Asked for again each time, so that the next person on a shared phone is checked too.
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Disposition"] = f'inline; filename="{photo.pk}.jpg"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
