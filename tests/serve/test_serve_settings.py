"""Settings: what the environment says is read once, and what cannot be followed is told."""

from __future__ import annotations

import pytest

from vitascope.serve.settings import Settings, SettingsFault


def settings(**said: str) -> Settings:
    return Settings.of(environment={"HOME": "/nowhere", **said})


def test_how_often_a_film_is_tried_is_a_setting():
    """Five times, if nobody says otherwise."""
    assert settings().tries == 5
    assert settings(VITASCOPE_TRIES="12").tries == 12


@pytest.mark.parametrize("said", ["often", "0", "-1", "101", "2.5"])
def test_a_number_of_tries_that_is_none_is_told(said: str):
    """With what is allowed."""
    with pytest.raises(SettingsFault, match="1 to 100"):
        settings(VITASCOPE_TRIES=said)
