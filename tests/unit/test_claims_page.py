"""The ledger for readers: JSON, Markdown, the page, and the references beside the verdicts."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
import yaml

from relu_landscape.judging.findings import Claim, Verdict
from relu_landscape.ledger.claims import read_claims
from relu_landscape.ledger.claims_files import Ledger, UnjudgedStatement
from relu_landscape.ledger.judgements import Judgement
from relu_landscape.ledger.making import Making
from relu_landscape.ledger.page import render_html
from relu_landscape.ledger.references import Reference, read_references
from relu_landscape.ledger.report import render_json, render_markdown
from relu_landscape.ledger.unjudged import read_unjudged
from relu_landscape.ledger.wording import MARKS, MEANINGS
from relu_landscape.studies.certificates.verdicts.minima import family_proved
from relu_landscape.studies.declarations import declared_figures, declared_verdicts

ROOT = Path(__file__).parents[2]
REFERENCES = str(ROOT / "published/references.yaml")
PAPER = "A <b> & 'co' | 2020"

JUDGEMENT = Judgement(
    ledger=Ledger.PAPERS,
    id="a_claim[k=6,n=6]",
    claim="a_claim",
    paper=PAPER,
    where="Figure 1",
    statement="F <= 1 | always\nand ever",
    kind="number",
    source="found",
    case={"k": 6, "n": 6},
    verdict=Verdict.REPRODUCED,
    found={"rate": 12.5, "word": "<i>x</i>"},
    interval=(10.25, 15.0),
    sample_size=1000,
    proved=179,
    listed="",
    expected=12.600000000000001,
    evidence="tables/curvature.parquet: k=6; certificates/pairs.jsonl: line 3",
    note="p = 0.9 <script>alert(1)</script>",
    would_decide="",
    test="decide",
    study="safran",
    reads=("curvature", "safran2021_table1"),
)
SINGLE = replace(
    JUDGEMENT,
    id="single",
    claim="single",
    statement="All is well.",
    case={},
    found=None,
    interval=None,
    expected=None,
    evidence="tables/curvature.parquet",
    note="",
)
JUDGEMENTS = (
    JUDGEMENT,
    replace(JUDGEMENT, id="a_claim[k=7,n=7]", case={"k": 7, "n": 7}, verdict=Verdict.DEVIATES),
    replace(
        SINGLE,
        id="shown",
        claim="shown",
        verdict=Verdict.PROVED,
        sample_size=29,
        proved=29,
        listed="k = 2..30",
    ),
    replace(
        SINGLE,
        id="unclear",
        claim="unclear",
        verdict=Verdict.UNDECIDED,
        note="Power 0.1.",
        would_decide="3 runs are few; 30 <would> decide.",
    ),
    replace(SINGLE, ledger=Ledger.OWN_CHECKS, source=None, verdict=Verdict.REPRODUCED),
    replace(
        SINGLE,
        ledger=Ledger.OWN_RESULTS,
        id="ours",
        claim="ours",
        paper="B 2021",
        source=None,
        verdict=Verdict.CONSISTENT,
    ),
)
MAKING = Making(
    profile="small",
    tables={"curvature": "results/small/tables/curvature.parquet"},
    page="results/small/claims.html",
    figures=("class_levels", "family_losses"),
    levels={Ledger.PAPERS: 0.05 / 14},
)
WORK = {"authors": ("A. Author",), "title": "On <x>", "year": 2020, "arxiv": "2003.10576"}
REFERENCE = Reference.model_validate(
    {"name": PAPER, "works": (WORK,), "read": ("abstract", "code"), "extent": "No text."},
    context=None,
    strict=False,
)


def page_of(judgements=JUDGEMENTS):
    return render_html(judgements, MAKING, {PAPER: REFERENCE})


class Reader(HTMLParser):
    """Collects texts, ids and links, and insists that every element is closed in order."""

    VOID = ("meta", "br")

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.texts, self.ids, self.links = [], set(), [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name == "href"]
        assert "src" not in dict(attrs)
        assert tag == "a" or "href" not in dict(attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def section(page, name):
    return page.partition(f"id='{name}'")[2].partition("</section>")[0]


def test_json_is_a_list_of_objects_with_everything():
    found = json.loads(render_json(JUDGEMENTS))
    assert [entry["id"] for entry in found] == [j.id for j in JUDGEMENTS]
    assert found[0]["verdict"] == "reproduced"
    assert found[0]["interval"] == [10.25, 15.0]
    assert (found[0]["ledger"], found[0]["study"], found[0]["test"]) == (
        "papers",
        "safran",
        "decide",
    )
    assert [entry["rests_on"] for entry in found] == ["", "", "", "", "", "conjectured"]
    for key in ("statement", "found", "expected", "evidence", "sample_size", "proved", "note"):
        assert key in found[0]


@pytest.mark.parametrize(
    ("verdict", "word"),
    [("proved", "proved"), ("reproduced", "measured"), ("consistent", "conjectured")]
    + [(verdict, "") for verdict in ("deviates", "refuted", "undecided", "not run")],
)
def test_what_a_result_of_ours_rests_on_follows_from_its_verdict(verdict, word):
    ours = replace(SINGLE, ledger=Ledger.OWN_RESULTS, verdict=Verdict(verdict))
    assert ours.rests_on == word
    assert replace(ours, ledger=Ledger.OWN_CHECKS).rests_on == ""


def test_the_page_is_well_formed_escaped_and_requests_nothing():
    page = page_of()
    reader = Reader(page)
    assert reader.open == []
    assert not reader.tags & {"link", "img", "iframe", "form", "b", "i"}
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|import\(", page)
    assert page.count("<script>") == 1
    assert len(set(reader.ids)) == len(reader.ids)
    for text in ("10.25 to 15", "179 of 1000", "tables/curvature.parquet: k=6", ": line 3"):
        assert text in reader.texts
    assert PAPER in reader.texts
    assert "p = 0.9 <script>alert(1)</script>" in reader.texts


def test_only_references_lead_away_from_the_results():
    away = [link for link in Reader(page_of()).links if ":" in link]
    assert away == [
        "https://arxiv.org/abs/2003.10576",
        "https://doi.org/10.48550/arXiv.2003.10576",
    ]


def test_every_link_within_the_page_has_its_goal():
    reader = Reader(page_of())
    within = {link[1:] for link in reader.links if link.startswith("#")}
    assert within <= set(reader.ids)
    assert {judgement.id for judgement in JUDGEMENTS} <= within


def test_the_page_opens_with_counts_of_papers_alone():
    checked = section(page_of(), "checked")
    assert "4 claims and cases in the profile small" in checked
    assert "1 proved, 1 reproduced, 1 deviates, 1 undecided." in checked
    row = checked.partition("✓ reproduced")[2].partition("</tr>")[0]
    assert re.findall(r">(\d+)<", row) == ["1", "1", "0"]


def test_the_page_says_the_error_rate_and_how_it_is_split():
    assert "at most 5%" in page_of()
    assert "papers 14 claims at 0.0036 each" in page_of()


def test_the_page_tells_what_fails_what_is_proved_and_what_is_open():
    page = page_of()
    fails, proved, unclear = (section(page, name) for name in ("fails", "proved", "open"))
    assert "≠ deviates" in fails
    assert "href='#a_claim[k=7,n=7]'" in fails
    assert "a_claim[k=6" not in fails
    assert "href='#shown'>Figure 1</a>: k = 2..30" in proved
    assert "href='#unclear'>Figure 1</a>: 3 runs are few; 30 &lt;would&gt; decide.<" in unclear
    assert "Power 0.1." not in unclear
    assert "Power 0.1." in page
    assert "Nothing." in section(page_of(JUDGEMENTS[:1]), "fails")


def test_a_claim_names_its_figures_certificate_and_command():
    article = page_of().partition("<article id='claim-a_claim'")[2].partition("</article>")[0]
    assert "href='figures/class_levels.svg'" in article
    assert "family_losses" not in article
    assert "href='certificates/pairs.jsonl'" in article
    assert (
        "snakemake --cores all --configfile config/small.yaml -- "
        "results/small/tables/curvature.parquet results/small/claims.html<"
    ) in article


def test_the_filter_knows_ledger_paper_verdict_source_and_study():
    page = page_of()
    assert "data-ledger='own results' data-paper='B 2021' data-study='safran'" in page
    assert "data-source='this project'" in page
    assert page.count("data-verdict=") == len(JUDGEMENTS)


def test_what_was_read_of_a_paper_stands_beside_its_verdicts():
    page = page_of()
    papers = page.partition("id='papers'")[2]
    assert papers.index("Read of it: abstract, code. No text.") < papers.index("claim-a_claim")
    assert "<cite>On &lt;x&gt;</cite>. 2020." in section(page, "references")


def test_the_papers_of_all_claims_have_a_reference_and_no_other_has():
    entries = read_claims(map(str, sorted((ROOT / "claims").glob("*.yaml"))))
    named = {entry.paper for entry in entries}
    assert named == set(read_references(REFERENCES))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"read": ["rumours"]}, r"papers\[0\]\.read\[0\]"),
        ({"extent": ""}, r"papers\[0\]\.extent"),
        ({"colour": "red"}, "unknown key"),
    ],
)
def test_a_reference_that_breaks_the_schema_is_refused(tmp_path, change, message):
    document = yaml.safe_load(Path(REFERENCES).read_text(encoding="utf-8"))
    document["papers"][0] |= change
    path = tmp_path / "references.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_references(str(path))


def test_a_name_stands_once_among_the_references(tmp_path):
    document = yaml.safe_load(Path(REFERENCES).read_text(encoding="utf-8"))
    document["papers"].append(document["papers"][0])
    path = tmp_path / "references.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(ValueError, match="stands there twice"):
        read_references(str(path))


def test_figures_are_about_a_claim_where_they_read_its_tables():
    figures, test = declared_figures(), declared_verdicts()["strong_convexity_bound"]
    claim = replace(JUDGEMENT, reads=test.inputs)
    making = replace(MAKING, tables={name: name for name in test.inputs}, figures=tuple(figures))
    about = making.figures_of(claim)
    assert about
    assert all(set(figures[name].inputs) & set(test.inputs) for name in about)
    assert set(about) < set(figures)


def test_a_proof_names_the_lines_of_its_own_certificates_alone():
    rows = pd.DataFrame(
        {
            "family": ["A", "A", "II", "II"],
            "k": [6, 7, 6, 7],
            "line": [1, 2, 3, 4],
            "proved": True,
            "reason": None,
            "loss_lower": 0.1,
            "hessian_lower": 0.1,
            "orthogonal_hessian_lower": 0.1,
        }
    )
    checks = pd.DataFrame({"file": ["families.jsonl"], "certificates": [4], "accepted": [4]})
    claim = Claim("proved", {"file": "families.jsonl"}, {"family": "II"}, {"first_k": 6})
    evidence = family_proved(claim, rows, checks).evidence
    assert evidence == "tables/certified_families.parquet; certificates/families.jsonl: line 3..4"


def test_markdown_groups_claims_by_ledger_and_paper_and_keeps_its_tables_whole():
    page = render_markdown(JUDGEMENTS)
    assert "| ✓ reproduced | 1 | 1 | 0 |" in page
    assert "a probability of at most 5%" in page
    order = ["## Papers", "#### a_claim", "## Own checks", "## Own results", "### B 2021"]
    places = [page.index(f"\n{heading}\n") for heading in order]
    assert places == sorted(places)
    assert page.count("#### a_claim") == 1
    assert "F <= 1 | always and ever (Figure 1; number, found)" in page
    rows = [line for line in page.splitlines() if line.startswith("| k = ")]
    assert len(rows) == 2
    assert (
        "rate = 12.5, word = &lt;i>x&lt;/i> | 12.6 | 10.25 to 15 | 1000 | 179 of 1000 |" in rows[0]
    )


def test_an_empty_ledger_can_be_rendered():
    assert json.loads(render_json(())) == []
    assert "0 claims" in page_of(())
    assert "| – not run | 0 | 0 | 0 |" in render_markdown(())


def test_every_verdict_has_a_meaning_and_a_mark_of_its_own():
    assert set(MEANINGS) == set(MARKS) == set(Verdict)
    assert len(set(MEANINGS.values())) == len(set(MARKS.values())) == len(Verdict)


UNJUDGED = UnjudgedStatement(
    paper=PAPER,
    where="Example 1",
    statement="The weights are <these>.",
    source="recalled",
    reason="Its text was not read.",
)


def test_what_is_not_judged_stands_on_the_page_with_its_reason():
    page = render_html(JUDGEMENTS, MAKING, {PAPER: REFERENCE}, [UNJUDGED])
    section = page.split("<section id='not-judged'>")[1].split("</section>")[0]
    for text in ("A &lt;b&gt;", "Example 1", "&lt;these&gt;", "(recalled)", "was not read."):
        assert text in section
    markdown = render_markdown(JUDGEMENTS, [UNJUDGED])
    assert markdown.endswith(
        "## What is not judged\n\n- A <b> & 'co' | 2020, Example 1 (recalled): "
        "The weights are <these>. Its text was not read.\n"
    )
    assert "What is not judged" not in render_markdown(JUDGEMENTS)


def test_what_is_not_judged_is_read_from_the_claims_files(tmp_path):
    path = tmp_path / "some.yaml"
    path.write_text(yaml.safe_dump({"not_judged": [UNJUDGED.model_dump()]}), encoding="utf-8")
    assert read_unjudged([str(path)]) == (UNJUDGED,)
    assert read_claims([str(path)]) == ()


def test_what_is_not_judged_needs_a_reason(tmp_path):
    path = tmp_path / "some.yaml"
    entry = {key: value for key, value in UNJUDGED.model_dump().items() if key != "reason"}
    path.write_text(yaml.safe_dump({"not_judged": [entry]}), encoding="utf-8")
    with pytest.raises(ValueError, match="reason"):
        read_claims([str(path)])
