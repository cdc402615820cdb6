"""Files that are there whole or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

from gait.core.errors import OutputError


def write_whole(path: Path, write: Callable[[Path], None]) -> Path:
    """Write one file under a temporary name beside its place, then rename it.

    Parameters
    ----------
    path
        Where it goes; missing parents are made. An older file of that name is replaced.
    write
        Called with the temporary path, which has the same ending.

    Returns
    -------
    Path
        The file, with all links resolved.

    Raises
    ------
    OutputError
        It cannot be written; nothing is left behind then.
    """
    target = path.expanduser().resolve()
    part = target.with_name(f".{uuid.uuid4().hex[:8]}.part{target.suffix}")
    new_folders = [folder for folder in target.parents if not folder.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write(part)
        part.replace(target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{target} cannot be written ({reason}); choose another place with --out.") from error
    finally:
        # Both are gone or in use already when all went well.
        if part.exists():
            part.unlink()
        for folder in new_folders:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
    return target
