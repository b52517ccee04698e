"""What somebody tries who holds dumps, files and logs, and wants to know who voted what.

A linker is two orders: people as some trace puts them, ballots as another does. If both follow the
order in which people voted, the first of the one belongs to the first of the other.
"""

import subprocess
from base64 import b64encode, urlsafe_b64encode
from itertools import product

CHANCE = 3
"""The most out of n that guessing finds: one is expected."""
WINDOW = 12


def accuracy(people, ballots, truth):
    """The part of the people whose ballot stands at their own place. ``truth``: person → ballot."""
    assert len(people) == len(ballots) == len(truth)
    hits = sum(truth[person] == ballot for person, ballot in zip(people, ballots, strict=True))
    return hits / len(truth)


def attempts(orders_of_people, orders_of_ballots, truth):
    """Every pair of orders, and backwards: name → accuracy."""
    found = {}
    for (who, people), (what, ballots) in product(
        orders_of_people.items(), orders_of_ballots.items()
    ):
        found[f"{who} x {what}"] = accuracy(people, ballots, truth)
        found[f"{who} backwards x {what}"] = accuracy(people[::-1], ballots, truth)
    return found


def mean(attempts_of_each_seed):
    """What each finds on average over the seeds."""
    names = attempts_of_each_seed[0].keys()
    return {
        name: sum(found[name] for found in attempts_of_each_seed) / len(attempts_of_each_seed)
        for name in names
    }


def windows(secret):
    """Pieces of a secret that would betray it wherever they stood: in raw, hexadecimal and base 64.

    Two of each, as something long may be cut in two where it is stored. None has a line end or a
    zero, between which the search looks.
    """
    for at in (0, (len(secret) // 2) // 3 * 3):
        piece = secret[at : at + 2 * WINDOW]
        for start in range(len(piece) - WINDOW + 1):
            raw = piece[start : start + WINDOW]
            if not {0, 10} & set(raw):
                yield raw
                break
        yield piece.hex().encode()
        yield piece.hex().upper().encode()
        whole = piece[: len(piece) // 3 * 3]
        yield b64encode(whole)
        yield urlsafe_b64encode(whole)


def found_in(places, secrets, folder):
    """Which secrets stand in which files: (what, whose) for each of ``secrets``: {(what, whose): bytes}."""
    whose = {
        piece: name
        for name, secret in secrets.items()
        for piece in (windows(secret) if isinstance(secret, bytes) else [secret.encode()])
    }
    patterns = folder / "patterns"
    patterns.write_bytes(b"\n".join(whose) + b"\n")
    done = subprocess.run(
        ["grep", "-r", "-o", "-h", "-a", "-F", "-f", str(patterns), *map(str, places)],
        stdout=subprocess.PIPE,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert done.returncode in (0, 1), done
    return {whose[line] for line in done.stdout.split(b"\n") if line in whose}
