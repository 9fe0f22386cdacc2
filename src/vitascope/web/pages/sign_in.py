"""The page for who has no key yet in this browser. A key link carries the key behind a #, which no server and no log sees."""

from __future__ import annotations

from fastapi import Request
from nicegui import ui
from starlette.responses import RedirectResponse

from vitascope.web.elements.controls import box, words
from vitascope.web.pages.frame import LOOK, look, top
from vitascope.web.porch import SIGN_IN, visit_of
from vitascope.web.strings import say

__all__ = ["register"]

FROM_LINK = """<script>
addEventListener("DOMContentLoaded", () => {
  const key = decodeURIComponent(location.hash.slice(1));
  if (!key.startsWith("vsk_")) return;
  history.replaceState(null, "", location.pathname);
  const form = Object.assign(document.createElement("form"), { method: "post", action: location.pathname });
  form.append(Object.assign(document.createElement("input"), { name: "key", value: key, type: "hidden" }));
  document.body.append(form);
  form.submit();
});
</script>"""


def sign_in(request: Request, wrong: str = "") -> RedirectResponse | None:
    """Asks for a key; who has signed in, or needs no key here, goes on to the films."""
    visit = visit_of(request)
    if visit.caller is not None:
        return RedirectResponse("/", status_code=303)
    look(say("sign_in.title"))
    ui.add_head_html(FROM_LINK)
    with top(visit):
        pass
    with box("alone", "main", id="main"), box():
        box("alone-mark", "img", src=f"{LOOK}/mark.svg", alt="")
        words(say("sign_in.title"), tag="h1")
        words(say("sign_in.about"), "quiet-text", "p")
        with box("sign-in-form", "form", method="post", action=SIGN_IN):
            words(say("sign_in.key"), "label", "label", **{"for": "key"})
            box("field", "input", id="key", name="key", type="password", autocomplete="current-password", required=True)
            if wrong:
                words(say("sign_in.wrong"), "fault", "p", role="alert")
            with box("button main", "button", type="submit"):
                words(say("sign_in.action"))
    return None


def register() -> None:
    """Make the address known."""
    ui.page(SIGN_IN)(sign_in)
