"""Reading for evaluations."""

from evaluations.queries.voters import shuffled, staff_of, voters

__all__ = ["shuffled", "staff_of", "voters"]
