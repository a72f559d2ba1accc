"""What the search knows of a page: what its reader reads, under the headings where it stands."""

from trustkit.sphinxext.search import Part, index_of, said_by


def page(article: str) -> str:
    return f'<main><nav>Contents</nav><article class="bd-article">{article}</article><footer>Next</footer></main>'


def test_a_page_is_its_title_and_what_stands_under_each_heading():
    said = said_by(
        page(
            '<section id="a"><h1>1.1 Trust<a class="headerlink" href="#a">#</a></h1><p>Before.</p>'
            '<section id="b"><h2>The <em>call</em></h2><ul><li>One</li><li>two</li></ul></section></section>'
        )
    )
    assert said.title == "1.1 Trust"
    assert said.parts == [Part("", "", "Before."), Part("b", "The call", "One two")]


def test_what_no_reader_reads_is_not_found():
    said = said_by(
        page(
            "<h1>T</h1><p>seen</p><script>let a;</script><style>p {}</style><noscript>off</noscript><button>x</button>"
            '<svg><text>drawn</text></svg><details class="tk-map-list"><ul><li>the end of the story</li></ul></details>'
            '<img alt="a" src="b"><p>again</p>'
        )
    )
    assert [part.text for part in said.parts] == ["seen again"]


def test_each_term_of_the_glossary_is_a_find_of_its_own():
    said = said_by(
        page(
            '<h1>Glossary</h1><dl class="glossary"><dt id="term-a">promise</dt><dd><p>承诺</p><p>Words.</p></dd>'
            '<dt id="term-b">trust</dt><dd><p>信任</p></dd></dl><dl><dt id="c">no term</dt></dl>'
        )
    )
    assert said.terms == [Part("term-a", "promise", "承诺 Words."), Part("term-b", "trust", "信任")]
    index = index_of({"glossary": said}, {"glossary": "Keep at hand"}, ["glossary", "nowhere"])
    assert [row[1:4] for row in index["pages"]] == [["Glossary", 0, 0], ["promise", 1, 1], ["trust", 1, 1]]
    assert index["groups"] == ["Keep at hand", "Glossary"]
    assert index["ways"] == [["glossary.html", "Glossary"]]


def test_a_page_that_no_table_of_contents_lists_belongs_to_the_page_of_its_folder():
    said = {"case-room": said_by(page("<h1>Case room</h1>")), "case-room/late": said_by(page("<h1>Late</h1>"))}
    index = index_of(said, {}, [])
    assert index["groups"][index["pages"][1][2]] == "Case room"


def test_a_page_without_an_article_says_nothing():
    assert said_by("<p>x</p>").title == ""
