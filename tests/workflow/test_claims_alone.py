"""Each claim by itself: what it needs, and that no more is planned for it."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from tests.engine import ROOT, copy_checkout, share_compiled

from relu_landscape.evidence.costs import read_job_seconds
from relu_landscape.evidence.pipeline_picture import (
    draw_pipeline,
    rules_of_studies,
    rules_that_wait,
)
from relu_landscape.evidence.plans import planned_jobs
from relu_landscape.ledger.claim_costs import jobs_of_claims, render_claim_costs
from relu_landscape.ledger.claims import read_claims

pytestmark = pytest.mark.slow
CLAIMS = read_claims(map(str, sorted((ROOT / "claims").glob("*.yaml"))))
SAMPLE = 1


def plan(checkout: Path, *arguments: str) -> str:
    """What a dry run says of all jobs."""
    engine = (sys.executable, "-m", "snakemake", "--forceall", "--dry-run")
    made = subprocess.run(
        [*engine, *arguments], cwd=checkout, capture_output=True, encoding="utf-8", check=True
    )
    return made.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    return share_compiled(copy_checkout(tmp_path_factory.mktemp("alone") / "checkout"))


@pytest.fixture(scope="module")
def quick(checkout):
    return planned_jobs(plan(checkout, "--configfile", "config/quick.yaml"))


def test_the_page_of_claims_is_up_to_date(quick):
    seconds = read_job_seconds(ROOT / "figures/quick/costs.tsv")
    page = (ROOT / "docs/claims.md").read_text(encoding="utf-8")
    assert page == render_claim_costs(CLAIMS, quick, seconds), "make docs"


def test_the_picture_of_the_pipeline_is_up_to_date(quick):
    studies = rules_of_studies(ROOT / "workflow/rules")
    picture = (ROOT / "docs/pipeline.svg").read_text(encoding="utf-8")
    assert picture == draw_pipeline(rules_that_wait(quick), studies), "make docs"


def test_a_claim_needs_a_part_of_the_jobs_of_the_whole_run(quick):
    of_claims = jobs_of_claims(CLAIMS, quick)
    names = {job.name for job in quick}
    for claim, jobs in of_claims.items():
        assert {job.name for job in jobs} < names, claim
    # A few rest on published numbers alone.
    assert sum(not jobs for jobs in of_claims.values()) < len(of_claims) / 20


@pytest.mark.parametrize(
    "claim", random.Random(2021).sample(sorted({x.claim for x in CLAIMS}), SAMPLE)
)
def test_what_is_planned_for_a_claim_is_what_the_page_counts(claim, quick, checkout):
    alone = planned_jobs(
        plan(
            checkout, "--configfile", "config/quick.yaml", "--", f"results/quick/claims/{claim}.md"
        )
    )
    counted = {job.name for job in jobs_of_claims(CLAIMS, quick)[claim]}
    assert {job.name for job in alone} == counted | {f"judge_claim/{claim}"}


def test_an_unknown_claim_ends_with_those_of_a_similar_name(checkout):
    made = subprocess.run(
        [
            *(sys.executable, "-m", "snakemake", "--dry-run", "--configfile", "config/smoke.yaml"),
            *("--", "results/smoke/claims/safran2021_teorem_3.md"),
        ],
        cwd=checkout,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert made.returncode == 1
    assert made.stdout.splitlines()[-1].startswith(
        "The study cannot run: there is no claim 'safran2021_teorem_3'; near are safran2021_theorem"
    )
