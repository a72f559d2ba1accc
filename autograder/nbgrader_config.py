"""The nbgrader configuration of every class instance; `<class>/nbgrader_config.py` calls `configure`."""

from __future__ import annotations

from pathlib import Path

from traitlets.config import Config

COURSE_ID = "customer-trust"
TEXT_STUBS = {
    "en": "Write your answer here, in place of this line.",
    "zh": "请在这里写下你的回答（替换这一行）。",
}

_MEGABYTE = 1000  # nbgrader counts in kilobytes


def configure(c: Config, root: Path, lang: str = "en") -> Config:
    """Fill in nbgrader's configuration for a class instance, and make nbgrader lean and safe in this process.

    Args:
        c: the configuration to fill (`get_config()` in a configuration file).
        root: the class instance's folder.
        lang: the language of the class, for the line that stands where an answer is to be written.

    Returns:
        The same configuration.

    Raises:
        autograder.database.DatabaseError: the setting of the gradebook's database cannot be understood.
    """
    from autograder import autograding, lean_nbgrader
    from autograder.database import database_url

    lean_nbgrader.install()
    autograding.install()
    root = Path(root).resolve()
    c.CourseDirectory.course_id = COURSE_ID
    c.CourseDirectory.root = str(root)
    c.CourseDirectory.db_url = database_url(root)
    # Larger files would be left behind with a warning only, so the limit is far above any honest hand-in.
    c.CourseDirectory.max_file_size = 20 * _MEGABYTE
    c.CourseDirectory.max_dir_size = 100 * _MEGABYTE
    c.Exchange.root = str(root / "exchange")
    c.Exchange.cache = str(root / "exchange-cache")
    c.ExchangeReleaseAssignment.force = True
    c.ExchangeFactory.collect = "autograder.exchange.CollectHandIns"

    c.ClearSolutions.text_stub = TEXT_STUBS.get(lang, TEXT_STUBS["en"])
    c.OverwriteCells.add_missing_cells = True

    c.Autograde.sanitize_preprocessors = [
        "nbgrader.preprocessors.ClearOutput",
        "autograder.restore.RestoreCells",
        "nbgrader.preprocessors.OverwriteKernelspec",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.Autograde.autograde_preprocessors = [
        "autograder.execute.ExecuteHandIn",
        "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades",
        "autograder.settle.SettleReply",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    # Set for nbgrader's own class: what somebody sets there or types as `--Execute.timeout=…` must count for ours.
    c.Execute.timeout = 60
    c.Execute.startup_timeout = 120
    # The tags that count are those of the release: `RestoreCells` drops what a trainee added.
    c.ExecuteHandIn.skip_cells_with_tag = "show-only"
    # Widgets need no saved state to be marked, and it would travel into the feedback.
    c.ExecuteHandIn.store_widget_state = False

    c.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades",
        "autograder.feedback_page.DescribeFeedback",
        "autograder.scrub.ScrubFeedback",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    c.HTMLExporter.extra_template_basedirs = template_folders()
    # Pages with trainees' words are opened by people who are signed in: nothing in them may run.
    c.HTMLExporter.sanitize_html = True
    c.HTMLExporter.filters = {
        "markdown2html": "autograder.safe_html.markdown",
        "clean_html": "autograder.safe_html.clean",
    }
    return c


def template_folders() -> list[str]:
    """Return the folders of page templates: ours (nothing from other hosts) before nbgrader's own."""
    import nbgrader

    stock = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
    return [str(Path(__file__).parent / "templates"), str(stock)]
