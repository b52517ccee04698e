"""Pages and addresses that know nobody."""

from ballots.views.casting import cast_ballot
from ballots.views.reading import board, board_page, booth, election_json
from ballots.views.slip import slip
from ballots.views.survey import survey

__all__ = ["board", "board_page", "booth", "cast_ballot", "election_json", "slip", "survey"]
