"""Tells in words that a folder is full in which grading writes."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FolderFullError(Exception):
    """There is no room left where grading writes; the message says where, and what to do."""


@contextmanager
def full_folder_told(root: Path) -> Iterator[None]:
    """Do what writes into a class folder, or into the folder of temporary files.

    Args:
        root: the class instance's folder.

    Raises:
        FolderFullError: one of them is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        # the error of a write does not name the file
        folder = min(root, Path(tempfile.gettempdir()), key=lambda one: shutil.disk_usage(one).free)
        raise FolderFullError(
            f"The folder {folder} is full, so nothing can be written there. Make room there; then run the same command "
            "again."
        ) from None
