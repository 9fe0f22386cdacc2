"""Where a film comes from, said in the picture and in the file: label, tags, signed manifest, and the check of them.

The only importer of c2pa. Knows nothing of scenes; a film is a file and a digest here.
"""

from vitascope.provenance.chain import Step
from vitascope.provenance.errors import ProvenanceError
from vitascope.provenance.facts import (
    ALGORITHMIC_MEDIA,
    CREATED,
    TRAINED_MEDIA,
    Action,
    Ingredient,
    MarkFacts,
    Model,
    digest_film,
    origin,
    origin_elsewhere,
)
from vitascope.provenance.keys import KeyChain, load_keys, read_roots, vitascope_home
from vitascope.provenance.label import LABEL_TEXT, Label
from vitascope.provenance.sign import sign
from vitascope.provenance.tags import read_film_digest
from vitascope.provenance.verdict import Mark, MarkName, MarkState, Verdict
from vitascope.provenance.verify import verify

__all__ = [
    "ALGORITHMIC_MEDIA",
    "CREATED",
    "LABEL_TEXT",
    "TRAINED_MEDIA",
    "Action",
    "Ingredient",
    "KeyChain",
    "Label",
    "Mark",
    "MarkFacts",
    "MarkName",
    "MarkState",
    "Model",
    "ProvenanceError",
    "Step",
    "Verdict",
    "digest_film",
    "load_keys",
    "origin",
    "origin_elsewhere",
    "read_film_digest",
    "read_roots",
    "sign",
    "verify",
    "vitascope_home",
]
