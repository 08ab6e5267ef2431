"""What a command on a workshop can be refused for."""

from collections.abc import Mapping

from boards.workbook.errors import WorkbookError
from boards.workbook.table import NOTHING
from server.errors import Conflict, Malformed, Missing, NotAllowed, Phrase, ServiceError


class InvalidWorkbook(Malformed):
    """A workbook that was brought along breaks a rule, at this place."""

    slug = "workbook-invalid"

    def __init__(self, error: WorkbookError) -> None:
        super().__init__(
            f"{error.place}: {error.expected}",
            file=error.file,
            place=error.place,
            expected=error.expected,
        )
        nothing = Phrase("workbook.nothing")
        values = {name: nothing if v == NOTHING else v for name, v in error.values.items()}
        self.phrases["expected"] = Phrase(f"workbook.expected.{error.rule}", values)


class InvalidImport(Malformed):
    """An export cannot be made a workshop of: `place` as a JSON pointer, and what was expected.

    `rule`: a key of `expected`, the words in English; `values`: what belongs into them.
    """

    slug = "import-invalid"

    def __init__(
        self, place: str, rule: str, expected: str, values: Mapping[str, str | int]
    ) -> None:
        super().__init__(f"{place}: {rule}", place=place, expected=expected)
        shown = {
            name: Phrase("import.nothing") if v == NOTHING else v for name, v in values.items()
        }
        self.phrases["expected"] = Phrase(f"import.expected.{rule}", shown)
        if not place:
            self.phrases["place"] = Phrase("import.whole")


class ImportOutdated(Malformed):
    """An export of another version than the one that this server reads."""

    slug = "import-version"

    def __init__(self, *, expected: int, got: int) -> None:
        super().__init__(place="/version", expected=expected, got=got)


class NotesUnreadable(Malformed):
    """No notes can be read of a file or a text: `why` is too-large, spreadsheet or csv."""

    slug = "notes-unreadable"

    def __init__(self, why: str) -> None:
        super().__init__(why, why=why)
        self.phrases["reason"] = Phrase(f"notes.unreadable.{why}")


class NotesIncomplete(Malformed):
    """Some rows of a file cannot become notes, and they were not to be left out."""

    slug = "notes-incomplete"

    def __init__(self, *, row: int, column: int, why: str) -> None:
        super().__init__(f"row {row}: {why}", row=row, column=column, why=why)
        self.phrases["reason"] = Phrase(f"notes.complaint.{why}")


class ImportFailed(ServiceError):
    """A workshop could not be made of an export now: too much at once, or too slow."""

    slug = "import-failed"
    status = 503
    close_code = 4500


class JoiningClosed(NotAllowed):
    """Nobody new is let into this workshop; who has been there comes back as ever."""

    slug = "joining-closed"


class NotAsked(NotAllowed):
    """The open round asks those who were at work when it opened, and whom a facilitator added."""

    slug = "not-asked"


class PassphraseNeeded(NotAllowed):
    """Newcomers have to know this workshop's passphrase, and none was sent."""

    slug = "passphrase-needed"


class PassphraseWrong(NotAllowed):
    """The passphrase that was sent is another one."""

    slug = "passphrase-wrong"


class CodeUnknown(Missing):
    """A join or return code that opens nothing: mistyped, or of a workshop that is closed."""

    slug = "code-unknown"


class PersonGone(Missing):
    """No such person in this workshop (any more)."""

    slug = "person-gone"


class LastFacilitator(Conflict):
    """Somebody has to lead a workshop: another facilitator first, then this one may stop."""

    slug = "last-facilitator"


class BreakoutGone(Missing):
    """No such breakout (any more)."""

    slug = "breakout-gone"


class SnapshotGone(Missing):
    """No such snapshot (any more)."""

    slug = "snapshot-gone"


class SnapshotsFull(Conflict):
    """As many snapshots of this board were taken by hand as it can have."""

    slug = "snapshots-full"


class MergeUndone(Conflict):
    """There is no merge after this snapshot that could be taken back (any more)."""

    slug = "merge-undone"


class PreviousGone(Missing):
    """This workshop is nobody's next round."""

    slug = "previous-gone"


class BreakoutsFull(Conflict):
    """This workshop has as many breakouts, or open groups, as it can hold."""

    slug = "breakouts-full"


class TooLargeToSplit(Conflict):
    """So many copies of so large a board do not fit: fewer groups, or a smaller board."""

    slug = "split-too-large"


class BreakoutClosed(Conflict):
    """The breakout is closed: its groups can no longer be changed."""

    slug = "breakout-closed"


class GroupsAtWork(Conflict):
    """Groups are at work already: nobody can sit in two rounds at once."""

    slug = "groups-at-work"


class AlreadyAnswered(Conflict):
    """This person has answered this round; an answer cannot be found again to be changed."""

    slug = "already-answered"


class RoundClosed(Conflict):
    """No round of this form is open: nothing can be answered, and nothing closed."""

    slug = "round-closed"


class RoundOpen(Conflict):
    """A round of this form is open already."""

    slug = "round-open"


class TooFewAsked(Conflict):
    """A round that asks so few would have no results. Values: n."""

    slug = "too-few-asked"

    def __init__(self, *, n: int) -> None:
        super().__init__(f"only {n} would be asked", n=n)


class WaitingFull(ServiceError):
    """As many wait to be let in as may; a facilitator has to answer some of them first."""

    slug = "waiting-full"
    status = 429
    close_code = 4429
