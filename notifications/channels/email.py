"""E-mail, as plain text through Django's mail settings."""

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

from notifications.channels.parcel import NotSentError, Parcel


def is_on() -> bool:
    """Whether this installation has a mail server."""
    return bool(settings.EMAIL_URL) or "smtp" not in settings.EMAIL_BACKEND


def send(parcel: Parcel) -> str:
    """Send one mail; NotSentError with the server's words if it is not accepted."""
    mail = EmailMessage(
        subject=" ".join(parcel.subject.split())[:150],  # a line break would add headers
        body=parcel.text,
        to=[parcel.address],
        headers={
            "Message-ID": f"<{parcel.key}@yamei.invalid>",
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        mail.send()
    except (SMTPException, OSError, ValueError) as error:
        raise NotSentError(f"{type(error).__name__}: {error}") from error
    return "accepted"
