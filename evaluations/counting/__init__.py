"""From ballots to grades, and what of them may be shown. Pure: no database, no clock."""
