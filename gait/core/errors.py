"""What can go wrong, and what it means for the person at the keyboard.

The tree::

    GaitError                 everything this package raises on purpose
    ├── InputError            the user can mend it: wrong file, wrong option          exit 2
    │   └── SchemaError       a file or table lacks what its format asks for          exit 2
    ├── SetupError            the installation lacks something (the pose model)       exit 2
    ├── OutputError           results cannot be written (disk full, no permission)    exit 2
    └── NotEnoughDataError    the film is read, but cannot be judged                  exit 3

Every message says what was found, what was expected and what to do. Only ``gait.app`` catches.
"""

from __future__ import annotations

from typing import ClassVar


class GaitError(Exception):
    """Base of all errors raised on purpose.

    Attributes
    ----------
    exit_status
        Exit status of the command line when this error ends the run.
    """

    exit_status: ClassVar[int] = 2


class InputError(GaitError):
    """The input or an option is wrong, and the user can mend it."""


class SchemaError(InputError):
    """A file or table lacks what its format asks for."""


class SetupError(GaitError):
    """The installation lacks something that the analysis needs."""


class OutputError(GaitError):
    """The results cannot be written."""


class NotEnoughDataError(GaitError):
    """The film was read, but it does not show enough to be judged.

    Parameters
    ----------
    message
        What was found, what was expected, what to do.
    issue_id
        The id of the matching issue, so that machines can tell reasons apart.
    """

    exit_status: ClassVar[int] = 3

    def __init__(self, message: str, issue_id: str = "not_enough_data") -> None:
        super().__init__(message)
        self.issue_id = issue_id
