"""What can go wrong with an export, beyond an unknown format (server.errors.FormatUnknown)."""

from server.errors import ServiceError


class ExportFailed(ServiceError):
    """The document could not be made now: too much at once, too slow, or a crash."""

    slug = "export-failed"
    status = 503
    close_code = 4500
