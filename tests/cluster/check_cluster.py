"""The profile for Slurm on a real, if small, Slurm: `make test-cluster`. Not part of `make test`.

The whole of smoke goes through it once. Where a job is cancelled or the daemon of the node is
killed, a few tables of the study of symmetry are made, and the job of one of them is disturbed.
"""

import shutil
from pathlib import Path

import pytest
from tests.engine import copy_checkout, printed, snakemake, start_snakemake
from tests.resume import tables_of

from cluster.one_node_slurm import (
    SECONDS_UNTIL_NODE_IS_DOWN,
    CannotStartSlurm,
    OneNodeSlurm,
    ask,
    one_node_slurm,
    wait_for,
)

SMOKE = ("--configfile", "config/smoke.yaml")
# What a cluster would not need: it has accounting, more nodes, and no one who waits for a test.
ON_ONE_NODE = (
    *("--workflow-profile", "profiles/slurm", "--jobs", "4", "--latency-wait", "10"),
    *("--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "2"),
    *("--seconds-between-status-checks", "2"),
)
FEW_TABLES = ("family_fates", "perturbed_targets", "fixed_space_searches")
FEW = tuple(f"results/smoke/tables/{name}.parquet" for name in FEW_TABLES)
DISTURBED = "follow_splits"
PATIENCE = 300


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    try:
        with one_node_slurm(tmp_path_factory.mktemp("slurm")) as slurm:
            yield slurm
    except CannotStartSlurm as error:
        pytest.exit(f"make test-cluster: {error}", returncode=2)


def local_run(folder: Path, *targets: str) -> dict:
    """The tables that a run without Slurm makes."""
    checkout = copy_checkout(folder)
    code, output = snakemake(checkout, *targets, *SMOKE)
    assert code == 0, output[-5000:]
    return tables_of(checkout / "results/smoke")


@pytest.fixture(scope="module")
def few_tables(tmp_path_factory):
    return local_run(tmp_path_factory.mktemp("few"), *FEW)


@pytest.fixture
def checkout(tmp_path):
    yield copy_checkout(tmp_path / "checkout")
    shutil.rmtree(tmp_path)


def assert_tables_equal(checkout: Path, local: dict) -> None:
    made = tables_of(checkout / "results/smoke")
    assert made.keys() == local.keys()
    for name in sorted(local):
        assert made[name].equals(local[name]), f"{name} differs from that of the local run"


def submitted(slurm: OneNodeSlurm, rule: str) -> str | None:
    """Number of the running job whose group has this rule."""
    jobs = slurm.jobs("running").items()
    return next((number for number, comment in jobs if rule in comment), None)


def wait_for_job(slurm: OneNodeSlurm) -> str:
    """Number of the job to disturb, once it runs."""
    return wait_for(f"a job of {DISTURBED} runs", lambda: submitted(slurm, DISTURBED), PATIENCE)


@pytest.mark.usefixtures("slurm")
def test_smoke_makes_the_same_tables(tmp_path_factory, checkout):
    local_tables = local_run(tmp_path_factory.mktemp("all"))
    code, output = snakemake(checkout, *SMOKE, *ON_ONE_NODE)
    assert code == 0, output[-5000:]
    assert_tables_equal(checkout, local_tables)
    assert output.count("has been submitted with SLURM jobid") < 30, "groups are not one job each"


def test_cancelled_job_is_submitted_again(slurm, few_tables, checkout):
    run = start_snakemake(checkout, *SMOKE, *ON_ONE_NODE, *FEW)
    job = wait_for_job(slurm)
    ask("scancel", job)
    code, output = run.wait(), printed(checkout)
    assert code == 0, output[-5000:]
    assert f"JOB {job} ON {slurm.host} CANCELLED" in output
    assert "Trying to restart job" in output
    assert_tables_equal(checkout, few_tables)


def test_job_cancelled_for_good_fails_with_its_log_and_the_next_run_repairs(
    slurm, few_tables, checkout
):
    run = start_snakemake(checkout, *SMOKE, *ON_ONE_NODE, "--retries", "0", *FEW)
    job = wait_for_job(slurm)
    ask("scancel", job)
    code, output = run.wait(), printed(checkout)
    assert code != 0
    log = next((checkout / ".snakemake/slurm_logs").rglob(f"{job}.log"))
    assert str(log) in output
    assert f"JOB {job} ON {slurm.host} CANCELLED" in output, "the log is not shown"
    code, output = snakemake(checkout, *SMOKE, *ON_ONE_NODE, *FEW)
    assert code == 0, output[-5000:]
    assert_tables_equal(checkout, few_tables)


def test_job_of_a_node_that_went_down_is_run_again(slurm, few_tables, checkout):
    run = start_snakemake(checkout, *SMOKE, *ON_ONE_NODE, *FEW)
    job = wait_for_job(slurm)
    slurm.kill_node()
    wait_for(
        "the node is given up",
        lambda: slurm.node_state().startswith("down"),
        seconds=20 * SECONDS_UNTIL_NODE_IS_DOWN,
    )
    # Slurm puts the job of a lost node back into the queue, and snakemake submits one again that
    # ended because it lost the daemon before the node was given up.
    requeued = job in slurm.jobs("pending")
    slurm.start_node()
    code, output = run.wait(), printed(checkout)
    assert code == 0, output[-5000:]
    assert requeued or "Trying to restart job" in output, "the job was not run again"
    assert_tables_equal(checkout, few_tables)
