"""Collects hand-ins from nbgrader's exchange, where anybody may have put anything."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import ignore_patterns

from autograder.handed_in import refuse_links


class CollectHandIns(ExchangeCollect):
    """nbgrader's collect that copies files and folders only, and follows no link.

    It runs with the rights of the instructor: a link in a trainee's folder would bring the instructor's own files
    among the hand-ins, and so back to the trainee. A text file stands in the place of each link and says where it led.
    """

    def do_copy(self, src: str, dest: str, log: object = None) -> None:
        """Copy one hand-in.

        Raises:
            RuntimeError: it is too large, or its folder is itself a link.
        """
        if os.path.islink(src):
            raise RuntimeError(f"{os.path.basename(src)} in the exchange is a link, not a folder. It is not followed.")
        size = sum(os.lstat(os.path.join(folder, name)).st_size for folder, _, names in os.walk(src) for name in names)
        if size > 1000 * self.coursedir.max_dir_size:
            most = self.coursedir.max_dir_size / 1000
            raise RuntimeError(
                f"The hand-in has {size / 1e6:,.0f} MB, and at most {most:,.0f} MB can be collected. Ask the trainee "
                "to hand in without large files."
            )
        left_out = ignore_patterns(
            exclude=self.coursedir.ignore, include=self.coursedir.include, max_file_size=self.coursedir.max_file_size,
            log=self.log,
        )  # fmt: skip

        def leave(folder: str, names: list[str]) -> set[str]:
            kinds = {name: os.lstat(os.path.join(folder, name)).st_mode for name in names}
            odd = {name for name, mode in kinds.items() if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)}
            links = {name for name, mode in kinds.items() if stat.S_ISLNK(mode)}
            return (odd - links) | set(left_out(folder, [name for name in names if name not in odd]))

        # In its place it is whole: half a hand-in would pass for one without a notebook, and is never collected again.
        part = Path(dest).with_name(f".{os.path.basename(dest)}.part")
        if part.exists():
            shutil.rmtree(part)
        shutil.copytree(src, part, symlinks=True, ignore=leave)
        for note in refuse_links(part):
            self.log.warning(note)
        if self.coursedir.groupshared:
            _share_with_group(str(part))
        os.rename(part, dest)


def _share_with_group(folder: str) -> None:
    """Let several instructors of one group work on what one of them collected, as nbgrader does."""
    for path, _, names in os.walk(folder):
        os.chmod(path, stat.S_IMODE(os.stat(path).st_mode) | 0o2770)
        for name in names:
            file = os.path.join(path, name)
            os.chmod(file, stat.S_IMODE(os.stat(file).st_mode) | 0o660)
