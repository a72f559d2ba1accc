"""Style sheets without the rules that nothing can use; nothing else is lost."""

import pytest

from trustkit.sphinxext.unused_rules import (
    characters_in,
    names_in_page,
    names_in_script,
    sheet_of,
    short,
    used_rules,
    without_unused_variables,
)  # fmt: skip


def lean(css: str, *names: str) -> str:
    return short(used_rules(sheet_of(css), set(names)))


@pytest.mark.parametrize(
    ("css", "left"),
    [
        (".a { color: red }", ".a{color:red}"),
        (".b { color: red }", ""),
        (".a .b { color: red }", ""),
        ("#a, .b, p { color: red }", "#a,p{color:red}"),
        ("#b { color: #b0b }", ""),
        ("p:not(.b) > .a { color: red }", "p:not(.b) > .a{color:red}"),
        ("[class~=b] { color: red }", "[class~=b]{color:red}"),
        (
            "@media (width < 3px) { .b { top: 0 } .a { top: 1px } }",
            "@media (width < 3px){.a{top:1px}}",
        ),
        ("@media print { .b { top: 0 } }", ""),
        ("@supports (top: 0) { @media print { .a { top: 0 } } }", "@supports (top: 0){@media print{.a{top:0}}}"),
        ("@keyframes k { from { top: 0 } to { top: 1px } }", "@keyframes k{from{top:0}to{top:1px}}"),
        ('@font-face { font-family: x; src: url("b.woff") }', '@font-face{font-family:x;src:url("b.woff")}'),
        ('@charset "UTF-8"; /* said */ .a { /* more */ color: red !important }', ".a{color:red!important}"),
        ('.a::after { content: "\\201c  ; }" }', '.a::after{content:"“ ; }"}'),
        (".a { width: calc(1px + 2 * 3em) }", ".a{width:calc(1px + 2 * 3em)}"),
    ],
)
def test_a_rule_stays_where_an_element_could_meet_it(css, left):
    assert lean(css, "a") == left


def test_names_are_taken_from_the_attributes_of_pages_and_from_every_word_of_scripts():
    assert names_in_page('<p class=\'a b-c\' id="d" title="e">class f</p>') == {"a", "b-c", "d"}
    assert {"show-all", "open"} <= names_in_script('x.classList.add("show-all", `open`)')


def test_variables_that_nobody_asks_for_go_and_so_do_those_that_only_they_asked_for():
    css = short(sheet_of(":root { --a: var(--b); --b: url('x;y'); --c: 1; --d: 2; --e: 3 } p { top: var(--d) }"))
    assert without_unused_variables(css, "style.getPropertyValue('--c')") == ":root{--c:1;--d:2;}p{top:var(--d)}"


def test_the_characters_of_icons_are_found_wherever_a_rule_has_them():
    rules = sheet_of(':root { --i: "\\f002" } @media print { .a::before { content: "x" } }')
    assert characters_in(used_rules(rules, {"a"})) >= {"\uf002", "x"}
