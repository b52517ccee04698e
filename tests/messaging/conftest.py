import pytest

from core.errors import ActionRefusedError
from messaging import jobs


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """Kinds of work that the tests ask for, and nothing that an app registered."""
    monkeypatch.setattr(jobs, "_kinds", {})

    def echo(arguments, *, by, progress):
        progress(1, 2)
        progress(2, 2)
        return jobs.Result(f"{by.name}.txt", str(arguments["word"]).encode())

    def refuse(arguments, *, by, progress):
        raise ActionRefusedError("“👍” (U+1F44D) cannot be printed.")

    def breaks(arguments, *, by, progress):
        raise ZeroDivisionError

    jobs.register("echo", echo, label="An echo")
    jobs.register("refuse", refuse)
    jobs.register("breaks", breaks)
