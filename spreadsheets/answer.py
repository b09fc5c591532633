"""A workbook as the answer of a page."""

import tempfile
from collections.abc import Callable
from typing import BinaryIO

from django.http import FileResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(name: str, write: Callable[[BinaryIO], int]) -> tuple[FileResponse, int]:
    """A file named ``name`` with what ``write`` puts into it, and the number of rows it returned.

    Written to a temporary file, which the answer closes once it is sent.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it
    try:
        rows = write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX), rows
