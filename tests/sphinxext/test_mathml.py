"""Formulas without a script."""


def test_a_formula_is_written_as_mathml_and_asks_no_other_host_for_a_script(build):
    html = build("# Page\n\nSo {math}`a^2` and\n\n```{math}\nb_1 + c\n```\n").page()
    assert html.count("<math") == 2
    assert "mathjax" not in html.lower()
