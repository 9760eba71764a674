"""Every error that the package raises on purpose.

Each carries a sentence that may be shown to a person as it is (``str(error)``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django_stubs_ext import StrOrPromise


class CommunityHelpError(Exception):
    """The root of the package's own errors."""


class ConfigurationError(CommunityHelpError):
    """A setting can't be used as it is; the message names it."""


class UnknownAction(CommunityHelpError):  # noqa: N818  named in the public API, as Django names its own
    """Somebody asked the policy about an action that is not in the table."""


class NotAllowed(CommunityHelpError):  # noqa: N818  as above
    """The policy said no. Surfaces answer it as «not found», so that nothing is given away."""

    def __init__(self, action: str) -> None:
        """:param action: the name of the permission that was refused."""
        super().__init__(_("You can't do that here."))
        self.action = action


class IllegalTransition(CommunityHelpError):  # noqa: N818  as above
    """The lifecycle's table has no such move from the state that the job is in."""

    def __init__(self, action: str, state: str, state_label: StrOrPromise) -> None:
        """:param action: the action's name; :param state: the state as stored, and its label."""
        super().__init__(_("That can't be done now: this job is %(state)s.") % {"state": str(state_label).lower()})
        self.action, self.state = action, state


class StaleTransition(CommunityHelpError):  # noqa: N818  as above
    """Somebody was faster: the row is no longer as its reader saw it. Nothing was written."""

    def __init__(self, what: str = "", at: datetime | None = None) -> None:
        """:param what: the last thing that happened, in plain words; :param at: when that was."""
        if what:
            super().__init__(
                _("This has changed since you opened it: %(what)s. Look again, then decide.") % {"what": what}
            )
        else:
            super().__init__(_("This has changed since you opened it. Look again, then decide."))
        self.what, self.at = what, at


class AlreadyOffered(CommunityHelpError):  # noqa: N818  as above
    """This helper has a live offer for this job."""

    def __init__(self) -> None:
        """Takes nothing: there is only one way to be in it."""
        super().__init__(_("You have already offered for this job."))


class NotEligible(CommunityHelpError):  # noqa: N818  as above
    """The helper does not match the job now."""

    def __init__(self, reasons: Sequence[str]) -> None:
        """:param reasons: one plain sentence for each criterion that failed."""
        text = "; ".join(reasons)
        super().__init__(_("This job does not fit any more: %(reasons)s.") % {"reasons": text})
        self.reasons = tuple(reasons)


class TooLateToUndo(CommunityHelpError):  # noqa: N818  as above
    """The undo time is over, or something has happened since."""

    def __init__(self) -> None:
        """Takes nothing: the sentence is the same for both reasons."""
        super().__init__(_("It is too late to undo that."))


class NotDisclosed(CommunityHelpError):  # noqa: N818  as above
    """These details are not this reader's to see, now."""

    def __init__(self) -> None:
        """Takes nothing: a reason would itself disclose something."""
        super().__init__(_("These details can't be shown now."))


class UnreadableSecret(CommunityHelpError):  # noqa: N818  as above
    """An encrypted value can't be opened with the keys that are configured. Never shown as text."""


class NotifierError(CommunityHelpError):
    """The root of what a notifier may raise."""


class TemporaryFailure(NotifierError):  # noqa: N818  named in the public API
    """It may work later: the outbox tries again."""


class PermanentFailure(NotifierError):  # noqa: N818  named in the public API
    """It will not work: the outbox does not try again."""
