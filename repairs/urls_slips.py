"""Addresses of the register, prints, exports and photos."""

urlpatterns: list = []
