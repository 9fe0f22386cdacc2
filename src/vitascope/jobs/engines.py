"""Which engines make films here: our own, always, and servers elsewhere that speak /v1/videos. Names, aliases, choice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from vitascope.jobs.desk import Engine
from vitascope.jobs.errors import Invalid
from vitascope.jobs.values import Wish

__all__ = ["ALIASES", "WORLD", "Engines", "Remote"]

WORLD = "world"
OWN_SETTINGS = frozenset({"impossible"})
"""What our own engine knows of the settings that only some engines know."""
ALIASES = (
    "sora-2", "sora-2-pro", "sora-2-2025-10-06", "sora-2-pro-2025-10-06", "sora-2-2025-12-08", "vitascope",
)  # fmt: skip
"""Names that stand for the best engine that is present, so that programs written for others run as they are."""
HOW_TO_ADD = "see “Engines elsewhere” in docs/server.md"
_DATED = re.compile(r"sora-2(-pro)?(-\d{4}-\d{2}-\d{2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A server elsewhere that speaks /v1/videos. `model` is what it calls its model, if it wants to be told."""

    name: str
    url: str
    """Up to and including /v1."""
    key: str | None = field(default=None, repr=False)
    model: str | None = None
    takes_pictures: bool = True

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}", self.name):
            raise Invalid(
                f"The name {self.name!r} of an engine must be letters, digits, dots and dashes.", param="name"
            )
        if not re.match(r"https?://[^/\s]+", self.url):
            raise Invalid(f"The engine {self.name!r} needs an http or https address, not {self.url!r}.", param="url")

    @property
    def engine(self) -> str:
        """Its name as an engine."""
        return f"remote:{self.name}"


class Engines:
    """The engines of this server, the default first. Aliases stand for the first that can do what is wished for."""

    def __init__(self, remotes: Sequence[Remote] = (), *, default: str = WORLD) -> None:
        """Raises Invalid for two engines of one name, and for a default that is not there."""
        self._remotes = {remote.engine: remote for remote in remotes}
        if len(self._remotes) < len(remotes):
            raise Invalid("Two engines have the same name; give each its own.", param="name")
        names = [WORLD, *self._remotes]
        if default not in names:
            raise Invalid(f"There is no engine {default!r}; there is {_listed(names)}.", param="default")
        self._names = sorted(names, key=lambda name: name != default)

    def all(self) -> list[Engine]:
        """What can make films here, the default first."""
        return [self._engine(name) for name in self._names]

    def models(self) -> tuple[str, ...]:
        """Every name that may be asked for: engines first, then aliases."""
        return (*self._names, *ALIASES)

    def choose(self, model: str, *, picture: bool = False) -> Engine:
        """The engine that `model` means. `picture`: it has to start from one. Raises Invalid, naming what there is."""
        engines = self.all()
        if model in ALIASES or _DATED.fullmatch(model):
            able = [one for one in engines if one.takes_pictures or not picture]
            if able:
                return able[0]
            chosen = engines[0]
        else:
            chosen = next((one for one in engines if model in (one.name, one.name.removeprefix("remote:"))), None)
            if chosen is None:
                raise Invalid(
                    f"There is no model {model!r} here; give one of {_listed(self.models())}.",
                    code="model_not_found",
                    param="model",
                )
        if picture and not chosen.takes_pictures:
            raise Invalid(self._no_picture(chosen), code="unsupported_input", param="input_reference")
        return chosen

    def suited(self, wish: Wish) -> Engine:
        """The engine that makes the film of a wish. Raises Invalid, also for a setting of which it knows nothing."""
        chosen = self.choose(wish.model, picture=wish.picture is not None)
        strange = wish.extra.keys() - OWN_SETTINGS if chosen.name == WORLD else ()
        if strange:
            name = min(strange)
            way = f"ask for an engine that may ({_listed(list(self._remotes))}), or leave" if self._remotes else "leave"
            raise Invalid(
                f"The engine {WORLD!r} has no setting {name!r}; {way} it out.", code="unsupported_parameter", param=name
            )
        return chosen

    def remote(self, engine: str) -> Remote | None:
        """The settings of an engine elsewhere; None for our own, and for one that was taken out of the settings."""
        return self._remotes.get(engine)

    def _engine(self, name: str) -> Engine:
        remote = self._remotes.get(name)
        if remote is None:
            return Engine(name=WORLD, takes_pictures=False, edits=True, ready=True)
        return Engine(name=name, takes_pictures=remote.takes_pictures, edits=False, ready=True, remark=remote.url)

    def _no_picture(self, chosen: Engine) -> str:
        able = [one.name for one in self.all() if one.takes_pictures]
        way = f"give one of {_listed(able)} as the model" if able else f"no engine here can; to add one, {HOW_TO_ADD}"
        return f"The engine {chosen.name!r} cannot start from a picture; {way}, or leave the picture out."


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
