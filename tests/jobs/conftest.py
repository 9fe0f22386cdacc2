"""What tests of the job core stand on: both kinds of database and both kinds of storage, all of them real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import postgres
import pytest

from vitascope.jobs.accounts import Accounts
from vitascope.jobs.database import Database
from vitascope.jobs.storage import Storage


@pytest.fixture(autouse=True, scope="session")
def _home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keys that sign films lie in a folder of this run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITASCOPE_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL of this run, with {name} for the database."""
    if postgres.programs() is None:
        pytest.skip(postgres.MISSING)
    with postgres.running_postgres() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of a real PostgreSQL."""
    with postgres.empty_database(postgres_server) as url:
        yield url


@pytest.fixture
def another_postgres_url(postgres_server: str) -> Iterator[str]:
    """A second one, for what goes from one to the other."""
    with postgres.empty_database(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/vitascope.db"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database of either kind with all tables, empty."""
    opened = Database(database_url)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def accounts(database: Database) -> Accounts:
    """The accounts of that database."""
    return Accounts(database)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of an S3 server of this run, spoken to over HTTP."""
    from moto.server import ThreadedMotoServer  # takes a second, which tests without it need not wait

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_url(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new bucket of that server, with a prefix."""
    import boto3

    settings = {
        "AWS_ENDPOINT_URL": s3_server,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    bucket = f"films-{uuid4().hex}"
    boto3.client("s3").create_bucket(Bucket=bucket)
    return f"s3://{bucket}/studio/one"


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Empty storage of either kind."""
    return Storage(str(tmp_path / "storage") if request.param == "folder" else request.getfixturevalue("s3_url"))
