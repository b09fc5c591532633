"""What a channel is given to send."""

from dataclasses import dataclass


class NotSentError(Exception):
    """The other side refused or could not be reached; the text is kept with the try."""


@dataclass(frozen=True)
class Parcel:
    """One digest on its way out: plain text, no markup of any kind.

    ``key`` is the same at every try of the same digest, so that the other side can recognise a
    repeat. ``secret`` signs the request where the robot asks for it.
    """

    address: str
    subject: str
    text: str
    key: str
    secret: str = ""
