"""What is kept about jobs and messages. One name for all of it: ``messaging.models``."""

from messaging.models.job import ACTIVE, Job, JobQuerySet, JobState

__all__ = ["ACTIVE", "Job", "JobQuerySet", "JobState"]
