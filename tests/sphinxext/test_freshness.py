"""What makes pages and notebooks be built again."""

from trustkit.sphinxext.fingerprint import digest_of
from trustkit.sphinxext.freshness import files_run_against


def test_the_digest_changes_with_a_name_or_a_content_and_with_nothing_else(tmp_path):
    one = tmp_path / "one.txt"
    one.write_text("a")
    before = digest_of([one], tmp_path)
    one.touch()
    assert digest_of([one], tmp_path) == before
    one.write_text("b")
    assert digest_of([one], tmp_path) != before
    one.write_text("a")
    two = one.rename(tmp_path / "two.txt")
    assert digest_of([two], tmp_path) != before


def test_notebooks_run_against_cases_drills_data_and_the_package_but_not_the_tools_that_build_the_book(course_home):
    files = [path.as_posix() for path in files_run_against(course_home)]
    for ending in ("cases/late-parcel/case.yaml", "trust-or-not/zh.yaml", "calls.csv", "trustkit/trust/customer.py"):
        assert any(file.endswith(ending) for file in files)
    assert not any("/sphinxext/" in file or "/trustkit/publish/" in file for file in files)
