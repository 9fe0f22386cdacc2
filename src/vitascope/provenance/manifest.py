"""The C2PA manifest of a film and the settings of the C2PA library, both as plain values."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from uuid import UUID, uuid5

from vitascope.provenance.facts import Action, MarkFacts

FILM_ASSERTION = "org.vitascope.film"
DISCLOSURE = "c2pa.ai-disclosure"
"""C2PA 2.4: which model made it. Only what a learned model makes has one."""
POSTER = "poster.jpg"
_SPECIFICATION = "2.4"
_INSTANCE = UUID("0b9b0a49-3f5e-5a50-8f0a-6f0b3c5d7a11")
# Uses of a certificate that are accepted, one a line; the library knows only e-mail protection by itself.
_CERTIFICATE_USES = "\n".join(
    ("1.3.6.1.4.1.62558.2.1", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9")
)
_MEMORY_MEBIBYTES = 16  # what the library keeps in memory before it uses a file


def build_settings(roots_pem: str) -> dict[str, Any]:
    """Return the library's settings: offline, `roots_pem` trusted, little memory, everything checked."""
    trust: dict[str, Any] = {"trust_config": _CERTIFICATE_USES}
    if roots_pem:
        trust["user_anchors"] = roots_pem
    return {
        "version": 1,
        "trust": trust,
        "verify": {
            "verify_trust": True,
            "verify_timestamp_trust": True,
            "ocsp_fetch": False,
            "remote_manifest_fetch": False,
            "verify_after_sign": True,
            "verify_after_reading": True,
        },
        "core": {"allowed_network_hosts": [], "backing_store_memory_threshold_in_mb": _MEMORY_MEBIBYTES},
        "builder": {
            "created_assertion_labels": [
                "c2pa.actions",
                "c2pa.ingredient",
                "c2pa.thumbnail.claim",
                "c2pa.thumbnail.ingredient",
                "c2pa.hash.bmff",
                "c2pa.hash.data",
                FILM_ASSERTION,
                DISCLOSURE,
            ],
            "thumbnail": {"enabled": False},
        },
    }


def build_manifest(facts: MarkFacts) -> dict[str, Any]:
    """Return the manifest for `facts`. It holds a digest of the film document and not its words."""
    manifest: dict[str, Any] = {
        "title": facts.title,
        "instance_id": f"xmp:iid:{uuid5(_INSTANCE, facts.identifier)}",
        "claim_generator_info": [
            {"name": facts.producer, "version": facts.engine_version, "specVersion": _SPECIFICATION}
        ],
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {
                    "actions": [_build_action(action, facts) for action in facts.actions],
                    "allActionsIncluded": True,
                },
            },
            {"label": FILM_ASSERTION, "data": _build_film(facts)},
        ],
    }
    if facts.model is not None:
        disclosure = {
            "modelType": "c2pa.types.model",
            "modelName": facts.model.name,
            "modelIdentifier": facts.model.identifier,
        }
        manifest["assertions"].append({"label": DISCLOSURE, "data": disclosure})
    if facts.poster:
        manifest["thumbnail"] = {"format": "image/jpeg", "identifier": POSTER}
    return manifest


def _build_action(action: Action, facts: MarkFacts) -> dict[str, Any]:
    built: dict[str, Any] = {
        "action": action.name,
        "when": facts.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "softwareAgent": {"name": facts.producer, "version": facts.engine_version},
    }
    if action.source_type:
        built["digitalSourceType"] = action.source_type
    if action.description:
        built["description"] = action.description
    if action.ingredients:
        built["parameters"] = {"ingredientIds": list(action.ingredients)}
    return built


def _build_film(facts: MarkFacts) -> dict[str, Any]:
    film: dict[str, Any] = {
        "identifier": facts.identifier,
        "engine": facts.engine,
        "engineVersion": facts.engine_version,
        "filmSha256": facts.film_sha256,
    }
    if facts.label:
        film["visibleLabel"] = facts.label
    return film
