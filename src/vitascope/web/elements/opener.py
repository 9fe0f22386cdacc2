"""A film document from a file: the browser sends it as it is, and goes to the film that it becomes."""

from __future__ import annotations

from typing import Any

from vitascope.web.elements.controls import box, icon, words
from vitascope.web.files import DOCUMENT_MOST, router
from vitascope.web.strings import say

__all__ = ["document_opener"]

OWN = {"large": "start.import_large", "lost": "start.import_lost"}
"""What the browser finds out by itself."""
NAME_LONGEST, WHY_LONGEST = 80, 400


def document_opener() -> None:
    """A button that takes a file; what stands in the way is said beside it, and all else stays as it is."""

    def told(said: Any) -> None:
        name, why = str(said.args["name"])[:NAME_LONGEST], str(said.args["fault"])[:WHY_LONGEST]
        fault.text = say(OWN.get(why, "start.import_fault"), name=name, why=why[:1].lower() + why[1:])

    with box("opening"):
        fault = words("", "fault", "p", role="alert")
        with box("drop button quiet"):
            icon("upload")
            words(say("start.import"), aria_hidden="true")
            picker = box("", "input", type="file", accept=".json,application/json", aria_label=say("start.import"))
            picker.on("change", told, js_handler=SEND % (DOCUMENT_MOST, router.prefix))


SEND = """async (event) => {
  const file = event.target.files[0];
  event.target.value = "";
  if (!file) return;
  const tell = (fault) => emit({ name: file.name, fault });
  if (file.size > %d) return tell("large");
  try {
    const reply = await fetch("%s", { method: "POST", headers: { "content-type": "application/json" }, body: file });
    const answer = await reply.json();
    if (reply.ok) location.assign(`/films/${answer.id}`);
    else tell(answer.error.message);
  } catch { tell("lost"); }
}"""
