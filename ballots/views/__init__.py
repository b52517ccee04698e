"""Pages and addresses that know nobody."""

from ballots.views.casting import cast_ballot
from ballots.views.reading import board, booth, election_json
from ballots.views.survey import survey

__all__ = ["board", "booth", "cast_ballot", "election_json", "survey"]
