"""Adapter of rule check_further_minimum."""

from pathlib import Path

from relu_landscape.certificates.check_every_k import Refused
from relu_landscape.certificates.check_one_more import checked
from relu_landscape.evidence.job_log import job_log
from relu_landscape.storage import DamagedFile
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

path, table = Path(snakemake.input.certificate), "theorem_further_minimum_checks"

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
    pieces = max(len(lines) - 1, 0)
    if pieces != theorem["pieces"]:
        raise DamagedFile(path, f"it has {pieces} pieces, its table {theorem['pieces']}")
    record = {
        **{name: theorem[name] for name in ("family", "m", "extra")},
        "pieces": pieces,
        "accepted": bool(theorem["proved"]),
    }
    write_table(make_table([record], table), snakemake.output[0], table)
