"""Documents that take long: made in turn, while whoever asked for one does something else.

    job = jobs.add(asked, make)    # its state, its place in the line; then the file, for a while

`line.py` says whose turn it is, `pace.py` how long it takes. All of it is in memory and nothing on
disk: what was made is gone with the process, with its time, and with its workshop.
"""

from server.exports.jobs.jobs import Asked, Job, JobLimits, Jobs

__all__ = ["Asked", "Job", "JobLimits", "Jobs"]
