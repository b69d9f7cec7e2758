"""Adapter of rule check_every_m."""

from pathlib import Path

from relu_landscape.certificates.check_every_k import Refused
from relu_landscape.certificates.check_every_m import checked
from relu_landscape.evidence.job_log import job_log
from relu_landscape.storage import DamagedFile
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

path, table = Path(snakemake.input.certificate), "rectangle_checks"

with job_log(snakemake.log[0]) as log:
    theorem = read_table(snakemake.input.table).iloc[0]
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if theorem["proved"] else []
        for said in checked(lines) if lines else []:
            log.say(said)
    except (Refused, UnicodeDecodeError) as error:
        reason = (
            f"the checker refuses it ({error}); if it refuses a new one as well, prover and "
            "checker disagree: report it"
        )
        raise DamagedFile(path, reason) from error
    rectangles = sum('"statement":"rectangle"' in line for line in lines)
    if rectangles != theorem["rectangles"]:
        stated = theorem["rectangles"]
        raise DamagedFile(path, f"it has {rectangles} rectangles, its table {stated}")
    record = {
        "family": theorem["family"],
        "least_m": theorem["least_m"],
        "least_ratio": theorem["least_ratio"],
        "rectangles": rectangles,
        "accepted": bool(theorem["proved"]),
    }
    write_table(make_table([record], table), snakemake.output[0], table)
