"""The front page of a run: all that it says comes from figures and verdicts."""

from html.parser import HTMLParser
from xml.etree import ElementTree

import pandas as pd
import pytest
from matplotlib.figure import Figure

from relu_landscape.figures.style import Plot, save_plot
from relu_landscape.figures.svg import read_finding
from relu_landscape.ledger.front_page import FoundFigure, Surroundings, render_front_page

RATES = FoundFigure("rates", "safran", "9 % & more are bad.", "In **quick**, a < b.", leads=True)
SPECTRA = FoundFigure("spectra", "symmetry", "All are positive.", "Caption.", leads=False)


def claim(name, ledger, verdict, **changes):
    return {
        "ledger": ledger,
        "claim": name,
        "paper": "Somebody 2020",
        "statement": f"What {name} states.",
        "case": {},
        "verdict": verdict,
        "listed": "",
        "expected": None,
    } | changes


CLAIMS = [
    claim("holds", "papers", "reproduced"),
    claim("fails", "papers", "refuted", case={"k": 5}),
    claim("fails", "papers", "deviates", case={"k": 6}),
    claim("own_fails", "own_results", "deviates"),
    claim("theorem", "own_results", "proved", case={"m": 1}, listed="every k >= 6"),
    claim(
        "constants",
        "own_results",
        "proved",
        case={"k": 4},
        listed="every k >= 4",
        expected={"least_k": 4, "constant": 1.5},
    ),
    claim(
        "constants",
        "own_results",
        "proved",
        case={"k": 8},
        listed="every k >= 8",
        expected="the larger one",
    ),
]


class Page(HTMLParser):
    """Ids, goals of links and pictures, and texts by the id of the section that they are in."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.goals, self.texts, self.section = [], [], {}, ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.goals += [named[key] for key in ("href", "src") if key in named]
        self.ids += [named["id"]] if "id" in named else []
        if tag == "section":
            self.section = named["id"]

    def handle_data(self, data):
        self.texts[self.section] = self.texts.get(self.section, "") + data


@pytest.fixture
def page():
    studies = {"safran": "Minima & more.", "symmetry": "Families.", "not_run": "Something."}
    around = Surroundings(studies, {"all verdicts": "claims.html"}, {"Tables": "tables/"})
    return Page(render_front_page("quick", [RATES, SPECTRA], CLAIMS, around))


def test_what_was_learnt_are_the_findings_that_lead(page):
    assert "9 % & more are bad." in page.texts["learnt"]
    assert SPECTRA.finding not in page.texts["learnt"]


def test_what_fails_is_what_fails_of_the_papers(page):
    assert page.texts["fails"].count("What fails states.") == 1
    assert "refuted" in page.texts["fails"]
    assert "deviates" in page.texts["fails"]
    assert "own_fails" not in page.texts["fails"]
    assert "holds" not in page.texts["fails"]


def test_results_of_this_project_are_not_said_to_be_those_of_a_paper(page):
    assert "Beyond Somebody 2020: What theorem states." in page.texts["theorems"]
    assert "Beyond" not in page.texts["fails"]


def test_theorems_come_with_their_ranges(page):
    assert "What theorem states. theorem m = 1: every k >= 6." in page.texts["theorems"]
    assert (
        "constants 2 casesevery k >= 4: constant = 1.5every k >= 8: the larger one"
        in page.texts["theorems"]
    )


def test_every_figure_is_shown_once_with_its_caption_and_links_lead_somewhere(page):
    for one in (RATES, SPECTRA):
        assert page.ids.count(one.name) == 1
        assert page.goals.count(f"figures/{one.name}.svg") == 2  # shown, and by itself
    assert "In quick, a < b." in page.texts["figures"]
    inside = [goal[1:] for goal in page.goals if goal.startswith("#")]
    sections = ["learnt", "verdicts", "fails", "theorems", "files"]
    assert inside == [*sections, "figures-safran", "figures-symmetry", "rates"]
    assert set(inside) <= set(page.ids)
    assert not any(goal.startswith(("http", "/")) for goal in page.goals)


def test_figures_stand_under_what_their_study_is_about(page):
    assert "safranMinima & more.9 %" in page.texts["figures"]
    assert "Something." not in page.texts["figures"]


def test_it_leads_to_pages_and_folders_and_says_how_an_archive_is_made(page):
    assert page.goals.count("claims.html") > 1
    assert page.goals.count("tables/") == 1
    assert "make archive PROFILE=quick writes archives/quick.zip" in page.texts["files"]
    assert not any(goal.endswith(".zip") for goal in page.goals)


def test_a_run_of_nothing_says_so():
    page = Page(render_front_page("quick", [], [], Surroundings({}, {}, {})))
    assert all("Nothing." in page.texts[name] for name in ("learnt", "fails", "theorems"))


def test_the_finding_of_a_saved_figure_is_its_title_and_its_caption_the_description(tmp_path):
    figure = Figure(layout="constrained")
    figure.subplots()
    plot = Plot(figure, pd.DataFrame({"k": [1]}), "1 < 2 & so on.")
    paths = [tmp_path / f"some.{kind}" for kind in ("svg", "pdf", "csv")]
    save_plot(plot, "What to see & <where>.", *paths)
    assert read_finding(paths[0]) == plot.finding
    described = ElementTree.parse(paths[0]).find("{http://www.w3.org/2000/svg}desc")
    assert described.text == "What to see & <where>."


def test_a_picture_without_a_title_is_refused(tmp_path):
    (tmp_path / "some.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"some\.svg: has no title; delete it"):
        read_finding(tmp_path / "some.svg")
