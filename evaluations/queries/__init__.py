"""Reading for evaluations."""

from evaluations.queries.voters import shuffled, staff_of, voters
from evaluations.queries.voting import my_rounds, seats, voters_on_the_rolls

__all__ = [
    "my_rounds",
    "seats",
    "shuffled",
    "staff_of",
    "voters",
    "voters_on_the_rolls",
]
