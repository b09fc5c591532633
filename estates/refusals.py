"""What an action refuses, said at the fields of the form that asked for it."""

from django import forms
from django.core.exceptions import ValidationError


def put_refusal(form: forms.Form, error: ValidationError) -> None:
    """Each message stands at its field; one without a field, or of a field that this form does
    not show, above the form.
    """
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
