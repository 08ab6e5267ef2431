"""What one person may do on one board: decided above, obeyed here."""

from dataclasses import dataclass, replace
from typing import Literal

from boards.desk_parts.board_rights import EVERYTHING, NOTHING_LOCKED, BoardRights, LockedParts

__all__ = ["Access", "Role"]

Role = Literal["facilitator", "participant", "observer"]


@dataclass(frozen=True, slots=True)
class Access:
    """A person's way to a board. The desk is a board too: its id is the workshop's.

    `may_deliver`: what they wrote while they might write is still taken when it arrives late, as
    from who may write; they may not begin anything new, and maybe not even see the board.
    """

    board: str
    workshop: str
    person: str
    name: str
    role: Role
    color: int  # 0-11, the person's colour in presence
    may_write: bool
    kind: str  # notes, grid, answers, plan, survey, desk
    key: str  # the board's key in the workbook; "desk" for the desk
    lineage: str
    dots: int = 0  # that the person may give on this board in all; 0: nobody votes now
    may_deliver: bool = False
    allowed: BoardRights = EVERYTHING  # with the notes there, if they may write at all
    locked: LockedParts = NOTHING_LOCKED  # of the board, for this person

    @property
    def is_bound(self) -> bool:
        """Whether there is anything on the board that they may not do with notes."""
        allowed = replace(self.allowed, anonymous=False)
        return allowed != EVERYTHING or self.locked != NOTHING_LOCKED
