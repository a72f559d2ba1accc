"""Puts the datasets into the package when a wheel is built, so that labs run where there is no course folder."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

DATASETS = Path(__file__).parent / "datasets"
NOT_FOR_TRAINEES = ("planted.md",)


class BuildWithDatasets(build_py):
    """Builds the package and copies `datasets/` into it, without what only trainers read."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            ignored = shutil.ignore_patterns(*NOT_FOR_TRAINEES, "__pycache__")
            target = Path(self.build_lib) / "trustkit" / "data" / "shipped"
            shutil.copytree(DATASETS, target, ignore=ignored, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithDatasets})
