"""How the studio looks: one style sheet with its tokens at the top, one file of icons, one mark."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import quote

import yaml

__all__ = ["style_sheet", "style_version"]

FOLDER = Path(__file__).parent
PEN = 'fill="none" stroke="#000" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'


@cache
def style_sheet() -> str:
    """studio.css, the other sheets by name, and the icons as masks, so that they take the colour of the words beside them."""
    icons = yaml.safe_load((FOLDER / "icons.yaml").read_text(encoding="utf-8"))
    masks = "\n".join(f'.icon-{name} {{ --picture: url("{_picture(inside)}"); }}' for name, inside in icons.items())
    sheets = [FOLDER / "studio.css", *sorted(path for path in FOLDER.glob("*.css") if path.name != "studio.css")]
    return "\n".join([*(sheet.read_text(encoding="utf-8") for sheet in sheets), masks])


@cache
def style_version() -> str:
    """Changes with the style sheet and the script."""
    script = (FOLDER / "studio.js").read_bytes()
    return hashlib.sha256(style_sheet().encode() + script).hexdigest()[:12]


def _picture(inside: str) -> str:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" {PEN}>{inside}</svg>'
    return f"data:image/svg+xml,{quote(svg, safe='')}"
