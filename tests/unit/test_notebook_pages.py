"""Pages of notebooks: what they show, and that they show it without a network."""

import re
from xml.sax.saxutils import escape

import nbformat
import pytest
from bs4 import BeautifulSoup

from helpers_rows import table_of
from helpers_tables import ROOT
from relu_landscape.evidence.notebook_pages import render_markdown, render_notebook
from relu_landscape.studies import results
from relu_landscape.tables.files import write_table

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TEXT = r"""# Minima at n = k

For $n = k$ the loss is $F(W)$, and

$$\nabla F = \frac{\sin t}{\pi}.$$
"""
FINDING = 'At n = k the "bad" runs are < 5 %.'


def code(source, *tags, **metadata):
    picture = nbformat.v4.new_output(
        "display_data", {"image/svg+xml": "<svg/>"}, metadata={"image/svg+xml": metadata}
    )
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)})
    cell.outputs = [picture] if metadata else []
    return cell


def notebook(*cells):
    return nbformat.v4.new_notebook(cells=list(cells))


@pytest.fixture(scope="module")
def page():
    cells = (
        nbformat.v4.new_markdown_cell(TEXT),
        code("results = 'default'", "parameters"),
        code("results = 'given'", "injected-parameters"),
        code("import numpy", "imports"),
        code("run.show('rates')", alt=FINDING),
    )
    return BeautifulSoup(render_notebook(notebook(*cells)), "html.parser")


def test_it_asks_for_nothing_and_has_no_scripts(page):
    assert not page.find_all(("script", "link", "iframe"))
    for tag in page.find_all(src=True):
        assert tag["src"].startswith("data:")
    for style in page.find_all("style"):
        rules = re.sub(r"/\*.*?\*/", "", style.string, flags=re.DOTALL)
        assert "@import" not in rules
        assert all(url.startswith("data:") for url in re.findall(r"url\(['\"]?([^)'\"]*)", rules))


def test_formulas_are_mathml(page):
    inline, loss, block = page.find_all("math")
    assert inline.get_text() == "n=k"
    assert loss.get_text() == "F(W)"
    assert block["display"] == "block"
    assert block.find("mfrac")
    assert "$" not in page.body.get_text()


def test_its_title_is_the_first_heading(page):
    assert page.title.string == "Minima at n = k"


def test_a_picture_says_what_it_shows(page):
    (picture,) = page.find_all("img")
    assert picture["alt"] == FINDING


def test_imports_and_default_parameters_are_hidden(page):
    shown = page.body.get_text()
    assert "import numpy" not in shown
    assert "default" not in shown
    assert "given" in shown
    assert "run.show" in shown


def test_a_picture_without_a_text_is_refused():
    cells = nbformat.v4.new_markdown_cell("# Title"), code("plot()", width=3)
    with pytest.raises(ValueError, match=r"without an alternative text; .* show it by `run\.show`"):
        render_notebook(notebook(*cells))


def test_a_formula_that_cannot_be_set_is_refused():
    with pytest.raises(ValueError, match=r"formula '.*nosuch x' cannot be set as MathML"):
        render_markdown(r"Here is $\nosuch x$.")


def test_a_notebook_without_a_heading_is_refused():
    with pytest.raises(ValueError, match="has no heading"):
        render_notebook(notebook(nbformat.v4.new_markdown_cell("text")))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_formulas_of_every_notebook_can_be_set(path):
    cells = nbformat.read(path, as_version=4).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    html = render_markdown(text)
    assert "<math" in html
    assert "$" not in html


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_one_cell_of_every_notebook_holds_its_imports(path):
    cells = nbformat.read(path, as_version=4).cells
    imports = [cell for cell in cells if "imports" in cell.metadata.get("tags", ())]
    assert len(imports) == 1
    assert "read_results(" in imports[0].source
    others = (cell for cell in cells if cell.cell_type == "code" and cell not in imports)
    assert not any(re.search(r"^(import|from) ", cell.source, re.MULTILINE) for cell in others)


@pytest.fixture
def run(tmp_path):
    """What a notebook reads of a run that has a figure, a table and what is proved of it."""
    (tmp_path / "figures").mkdir()
    drawn = f"<svg xmlns='http://www.w3.org/2000/svg'><title>{escape(FINDING)}</title></svg>"
    (tmp_path / "figures/rates.svg").write_text(drawn, encoding="utf-8")
    (tmp_path / "tables").mkdir()
    for name in ("convexity_radii", "certified_global_minima"):
        stored = table_of(name, [{"k": 6}]).drop(columns="proved_radius", errors="ignore")
        write_table(stored, tmp_path / f"tables/{name}.parquet", name)
    return results.read_results(tmp_path, ROOT)


def test_a_figure_is_shown_as_it_was_drawn_with_its_finding_as_its_text(run, monkeypatch):
    shown = []
    monkeypatch.setattr(results, "display", lambda picture, **how: shown.append((picture, how)))
    run.show("rates")
    ((picture, how),) = shown
    assert "<title>" in picture["image/svg+xml"]
    assert how == {"raw": True, "metadata": {"image/svg+xml": {"alt": FINDING}}}


def test_tables_have_what_is_proved_of_their_rows(run):
    assert run.tables["convexity_radii"]["proved_radius"].notna().all()
    assert run.published["safran2018_bad_run_rates"].shape[0] > 10


def test_a_table_that_is_not_there_is_named(run):
    with pytest.raises(KeyError, match="convexity_radius"):
        run.tables["convexity_radius"]
