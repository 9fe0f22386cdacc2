"""The pages: start, film, settings, sign-in. Each is built anew for whoever comes; what stays is in the desk."""

from __future__ import annotations

__all__ = ["register"]


def register() -> None:
    """Make the addresses of all pages known."""
    from vitascope.web.pages import film, settings, sign_in, start

    for page in (start, film, settings, sign_in):
        page.register()
