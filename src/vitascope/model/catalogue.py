"""Open weights that are known, as data (catalogue.yaml): what they do, how large they are, under which licence.

Knows no tensors, no network and no folders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from vitascope.model.shapes import Stride

_FILE = Path(__file__).with_name("catalogue.yaml")

ABILITIES = ("text", "picture", "draft")
"""What may lead a film: words, a picture that it begins with, a draft that it follows."""


class WeightsError(ValueError):
    """Weights that are not there, not whole or not for us; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """What may be done with weights. territory: where it holds, "everywhere" or an exception."""

    title: str
    url: str
    terms: str
    territory: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkShape:
    """What of a network decides what a step costs. channels: numbers of a place of the compressed clip."""

    width: int
    heads: int
    layers: int
    hidden: int
    channels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One network of several: how many numbers it is, and how many bytes each takes in the published files."""

    parameters: int
    stored: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weights that can be had. does: words of `ABILITIES`; seen: parts whose size a listing of the repository confirms."""

    name: str
    title: str
    repository: str
    licence: Licence
    does: tuple[str, ...]
    shape: NetworkShape
    stride: Stride
    parts: Mapping[str, Part]
    seen: tuple[str, ...]
    source: str

    @property
    def parameters(self) -> int:
        """Of what makes the pictures; the text encoder and the autoencoder come on top."""
        return sum(part.parameters for name, part in self.parts.items() if name.startswith("transformer"))

    @property
    def size_bytes(self) -> int:
        """Of the published files, by what is known of them; the hub knows exactly."""
        return sum(part.parameters * part.stored for part in self.parts.values())

    @property
    def size_is_known(self) -> bool:
        """Whether each part's size was seen, not only computed."""
        return set(self.seen) == set(self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Weights that are known, and neither downloaded nor loaded because of what their licence asks for."""

    name: str
    title: str
    repository: str
    licence: Licence


def weights() -> Mapping[str, Weights]:
    """All that can be had, by name."""
    return _read()[0]


def others() -> Mapping[str, Other]:
    """All that are known and not loaded, by name."""
    return _read()[1]


def known(name: str) -> Weights | Other:
    """What is known by this name or repository; WeightsError with the nearest name where nothing is."""
    wanted = name.strip().lower()
    for each in (*weights().values(), *others().values()):
        if wanted in (each.name, each.repository.lower()):
            return each
    near = get_close_matches(wanted, [*weights(), *others()], n=1)
    advice = f"did you mean {near[0]}? List all with" if near else "list them with"
    raise WeightsError(f"No weights are called {name!r}; {advice}: vitascope weights list")


def named(name: str) -> Weights:
    """Those of this name that can be had; WeightsError, with the reason, for those that are known and not loaded."""
    found = known(name)
    if isinstance(found, Other):
        raise WeightsError(
            f"{found.title} is known but not loaded, because of its licence ({found.licence.title}); "
            f"read it with: vitascope weights licence {found.name}"
        )
    return found


@cache
def _read() -> tuple[dict[str, Weights], dict[str, Other]]:
    with _FILE.open(encoding="utf-8") as file:
        tree = yaml.safe_load(file)
    licences = {name: Licence(**values) for name, values in tree["licences"].items()}
    shapes = {name: NetworkShape(**values) for name, values in tree["shapes"].items()}
    found = {name: _weights(name, values, licences, shapes) for name, values in tree["weights"].items()}
    other = {
        name: Other(name=name, **{**values, "licence": licences[values["licence"]]})
        for name, values in tree["others"].items()
    }
    return found, other


def _weights(
    name: str, values: dict[str, Any], licences: Mapping[str, Licence], shapes: Mapping[str, NetworkShape]
) -> Weights:
    time, height, width = values["stride"]
    changed = {
        "licence": licences[values["licence"]],
        "shape": shapes[values["shape"]],
        "stride": Stride(time=time, height=height, width=width),
        "does": tuple(values["does"]),
        "seen": tuple(values["seen"]),
        "parts": {part: Part(**numbers) for part, numbers in values["parts"].items()},
    }
    return Weights(name=name, **{**values, **changed})
