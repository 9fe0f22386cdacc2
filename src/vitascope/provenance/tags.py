"""The two marks that readers without C2PA understand: the AIGC tag and the XMP packet, written and read."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from vitascope.provenance.boxes import DAMAGE, read_film_boxes, read_tags
from vitascope.provenance.errors import ProvenanceError
from vitascope.provenance.facts import MarkFacts

AIGC_KEY = "AIGC"  # GB 45438-2025, appendix E
_AIGC_FIELDS = {
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
}
_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"  # IPTC Photo Metadata Standard, Digital Source Type
_XMP = "http://ns.adobe.com/xap/1.0/"
_MM = "http://ns.adobe.com/xap/1.0/mm/"
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="{iptc}" xmlns:xmp="{xmp}" xmlns:xmpMM="{mm}">
<Iptc4xmpExt:DigitalSourceType>{source_type}</Iptc4xmpExt:DigitalSourceType>
<xmp:CreatorTool>{tool}</xmp:CreatorTool>
<xmp:CreateDate>{created}</xmp:CreateDate>
<xmpMM:DocumentID>urn:uuid:{identifier}</xmpMM:DocumentID>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def build_aigc(facts: MarkFacts) -> str:
    """Return the value of the AIGC tag: JSON with the seven fields; label 1 means made by AI."""
    fields = {
        "Label": "1",
        "ContentProducer": facts.producer,
        "ProduceID": facts.identifier,
        "ReservedCode1": facts.film_sha256,
        "ContentPropagator": "",
        "PropagateID": "",
        "ReservedCode2": "",
    }
    return json.dumps(fields, separators=(",", ":"))


def read_aigc(text: str) -> dict[str, str] | None:
    """Return the fields of an AIGC tag, or None if it is not one that says "made by AI"."""
    try:
        fields: Any = json.loads(text)
    except ValueError:
        return None
    if not isinstance(fields, dict) or not set(fields) >= _AIGC_FIELDS or fields["Label"] != "1":
        return None
    return {str(key): str(value) for key, value in fields.items()}


def read_film_digest(path: Path) -> str | None:
    """Return the digest of the film document that the file at `path` was made from, as its tag says, or None."""
    try:
        with path.open("rb") as file:
            tags = read_tags(file, read_film_boxes(file), AIGC_KEY)
    except (ProvenanceError, OSError, *DAMAGE):
        return None
    fields = read_aigc(tags[0]) if len(tags) == 1 else None
    return fields["ReservedCode1"] if fields else None


def build_xmp(facts: MarkFacts) -> bytes:
    """Return an XMP packet with the IPTC digital source type, the tool, the time and the identifier."""
    return _PACKET.format(
        iptc=_IPTC,
        xmp=_XMP,
        mm=_MM,
        source_type=escape(facts.source_type),
        tool=escape(f"{facts.producer} {facts.engine} {facts.engine_version}"),
        created=facts.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        identifier=facts.identifier,
    ).encode()


def read_source_type(packet: bytes) -> str | None:
    """Return the IPTC digital source type in an XMP packet, or None if there is none that can be read."""
    if b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        return None
    try:
        root = ElementTree.fromstring(packet.decode("utf-8").strip("\ufeff\0 \n"))
    except (ElementTree.ParseError, UnicodeDecodeError):
        return None
    name = f"{{{_IPTC}}}DigitalSourceType"
    for element in root.iter():
        if element.tag == name and element.text:
            return element.text.strip()
        if name in element.attrib:
            return element.attrib[name]
    return None
