"""An app whose part of the scan always fails."""

KINDS = ()


def open_due(now):
    raise RuntimeError("no calendar")
