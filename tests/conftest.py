"""What holds for all tests: what is kept from film to film lies in a folder of this run."""

from __future__ import annotations

import gc

import pytest
from hypothesis import settings

settings.register_profile("patient", deadline=None)  # a machine may be busy with other tests
settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def _store_of_this_run(tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("VITASCOPE_CACHE", str(tmp_path_factory.mktemp("store")))
        environment.setenv("VITASCOPE_CACHE_LIMIT", "2GB")
        yield


@pytest.fixture(scope="module", autouse=True)
def _nothing_old_is_looked_through():
    """Studios tidy up after each film: that looks at what a file of tests makes, not at all modules that were ever loaded."""
    gc.collect()
    gc.freeze()
