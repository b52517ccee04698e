"""Pages of what is made and sent in the background."""

from messaging.views.jobs import job_again, job_detail, job_file, job_list

__all__ = ["job_again", "job_detail", "job_file", "job_list"]
