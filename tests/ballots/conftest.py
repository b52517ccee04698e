import pytest

from tests.ballots.installation import Server


@pytest.fixture(scope="session")
def server():
    server = Server()
    yield server
    server.stop()
