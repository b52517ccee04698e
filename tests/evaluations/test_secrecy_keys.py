"""The key of the boxes does not outlive the count, wherever the process was killed."""

import datetime as dt

import pytest
from django.utils import timezone

from ballots import keyring
from ballots.models import Election
from evaluations.tasks import close_surveys


@pytest.mark.django_db
@pytest.mark.parametrize(("is_counted", "stays"), [(True, False), (False, True)])
def test_a_key_that_a_killed_count_left_behind_is_destroyed(is_counted, stays):
    """Killed between the commit and the end of the key: the clock finishes it. Open votes keep theirs."""
    now = timezone.now()
    election = Election.objects.create(
        title="评议", opens_at=now, closes_at=now + dt.timedelta(days=1), is_counted=is_counted
    )
    keyring.make(election.pk)

    close_surveys()

    assert keyring.is_there(election.pk) == stays
    keyring.destroy(election.pk)
