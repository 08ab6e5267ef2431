"""What can go wrong with an export."""

from collections.abc import Iterator
from contextlib import contextmanager

from server.errors import Conflict, Missing, NotDone, ServiceError, shorten


class FormatUnknown(Missing):
    """A board does not leave in format `format`."""

    slug = "format-unknown"

    def __init__(self, format: str) -> None:
        super().__init__(f"no export format {shorten(format)}", format=shorten(format))


class NothingDated(Conflict):
    """A calendar was asked for, and no day has been agreed."""

    slug = "nothing-dated"


class DaysCrossed(Conflict):
    """A calendar was asked for, and what has days ends before it starts."""

    slug = "days-crossed"


class ExportFailed(ServiceError):
    """The document could not be made now: too much at once, too slow, or a crash."""

    slug = "export-failed"
    status = 503
    close_code = 4500


class ExportGone(Missing):
    """No such export of this person: its time was over, or what it was of is gone."""

    slug = "export-gone"


class ExportsFull(ServiceError):
    """Somebody asks for one more while enough of theirs, or of all, are still waiting."""

    slug = "exports-full"
    status = 429
    close_code = 4429


class ExportNotReady(Conflict):
    """A file was fetched that is still being made, or was not made."""

    slug = "export-not-ready"


@contextmanager
def of_a_document() -> Iterator[None]:
    """What was not done within is a document, and told as such."""
    try:
        yield
    except NotDone as error:
        raise ExportFailed(error.problem) from error
