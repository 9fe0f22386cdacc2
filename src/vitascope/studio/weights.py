"""Which weights are meant: ours, in a folder or with the program, or open ones, in a folder or by their name in the catalogue."""

from __future__ import annotations

from typing import Any

from vitascope.film import Film
from vitascope.model.checkpoint import CheckpointError
from vitascope.model.generator import AUTOENCODER, TRANSFORMER
from vitascope.model.open.folder import INDEX, open_folder
from vitascope.model.open.hub import place_of
from vitascope.studio.forecast import Forecast
from vitascope.studio.learned import Shots
from vitascope.studio.neural import OwnShots, generator_at

__all__ = ["model_forecast", "shots_by"]


def shots_by(weights: str | None) -> Shots[Any]:
    """What makes shots with these weights. Nothing is downloaded. Raises CheckpointError or WeightsError, one sentence."""
    if weights is None:
        return OwnShots(generator_at(None))
    folder = place_of(weights)
    if (folder / INDEX).is_file():
        # what runs open weights takes seconds to import
        from vitascope.model.open.film import this_machine
        from vitascope.model.open.generator import OpenGenerator
        from vitascope.studio.opened import OpenShots

        return OpenShots(OpenGenerator(open_folder(folder), this_machine()))
    if not any((folder / name).is_file() for name in (TRANSFORMER, AUTOENCODER)):
        raise CheckpointError(
            f"This folder holds no weights of ours ({TRANSFORMER}, {AUTOENCODER}) and no open ones in the layout of diffusers "
            f"({INDEX}): {folder}"
        )
    return OwnShots(generator_at(str(folder)))


def model_forecast(film: Film, weights: str | None) -> Forecast:
    """What `film` will take by these weights on this machine. Raises what `shots_by` raises, and what says that they, or the
    machine, cannot make it."""
    return shots_by(weights).forecast(film)
