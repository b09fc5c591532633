"""The demo is loaded once for all tests that only look at it, and rolled back at the end."""

import pytest
from django.core.management import call_command
from django.db import transaction


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """A demo with 400 old tickets."""
    with django_db_blocker.unblock():
        block = transaction.atomic()
        block.__enter__()
        try:
            call_command("demo", tickets=400, verbosity=0)
            yield
        finally:
            transaction.set_rollback(True)
            block.__exit__(None, None, None)
