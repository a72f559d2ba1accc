"""A page says how large its pictures are before they come."""

import pytest

from trustkit.sphinxext.picture_sizes import size_of, with_sizes


@pytest.mark.parametrize(
    ("root", "size"),
    [
        ('<svg viewBox="0 0 400 330">', (400, 330, False)),
        ('<?xml version="1.0"?>\n<svg height="72pt" viewBox="0 0 9 9" width="144pt">', (192, 96, True)),
        ('<svg width="20" height="10px">', (20, 10, True)),
        ('<svg width="100%" viewBox="-5 -5 10.4 20">', (10, 20, False)),
        ("<svg>", None),
        ("no picture", None),
    ],
)
def test_a_picture_says_its_size_or_its_shape(root, size):
    assert size_of(root) == size


def test_sizes_are_written_where_none_stand_and_the_rest_stays(tmp_path):
    shape, own = tmp_path / "shape.svg", tmp_path / "own.svg"
    shape.write_text('<svg viewBox="0 0 400 330"></svg>', encoding="utf-8")
    own.write_text('<svg width="20" height="10"></svg>', encoding="utf-8")
    files = {"shape.svg": shape, "own.svg": own}
    body = (
        '<img alt="a" src="../_images/shape.svg" /><img class="b" src="_images/shape.svg"><img src="_images/own.svg">'
        '<img src="_images/own.svg" width="5"><img src="x.png"><img src="_images/gone.svg">'
    )
    assert with_sizes(body, files) == (
        '<img class="tk-fills" alt="a" src="../_images/shape.svg" width="400" height="330" />'
        '<img class="tk-fills b" src="_images/shape.svg" width="400" height="330">'
        '<img src="_images/own.svg" width="20" height="10">'
        '<img src="_images/own.svg" width="5"><img src="x.png"><img src="_images/gone.svg">'
    )
