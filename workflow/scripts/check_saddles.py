"""Adapter of rule check_saddles."""

from pathlib import Path

from relu_landscape.certificates.check_every_k import Refused
from relu_landscape.certificates.check_saddles import checked
from relu_landscape.evidence.job_log import job_log
from relu_landscape.storage import DamagedFile
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

table = "theorem_saddle_checks"

with job_log(snakemake.log[0]) as log:
    known = {
        "further_row": int(read_table(snakemake.input.theorem_saddles)["pieces"].iloc[0]),
        "splits": int(read_table(snakemake.input.theorem_splits)["piece"].nunique()),
    }
    records = []
    for theorem, expected in known.items():
        path = Path(snakemake.input[theorem])
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
            for said in checked(lines) if lines else []:
                log.say(said)
        except (Refused, UnicodeDecodeError) as error:
            reason = (
                f"the checker refuses it ({error}); if it refuses a new one as well, prover and "
                "checker disagree: report it"
            )
            raise DamagedFile(path, reason) from error
        pieces = max(len(lines) - 1, 0)
        if pieces != expected:
            raise DamagedFile(path, f"it has {pieces} pieces, its table {expected}")
        records.append({"theorem": theorem, "pieces": pieces, "accepted": pieces > 0})
    write_table(make_table(records, table), snakemake.output[0], table)
