"""Adapter of rule check_certificates."""

from pathlib import Path

from relu_landscape.certificates.check import Refused, check_line
from relu_landscape.evidence.certificate_files import read_certificates
from relu_landscape.evidence.job_log import job_log
from relu_landscape.storage import DamagedFile
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

path, table = Path(snakemake.input.certificates), "certificate_checks"

with job_log(snakemake.log[0]) as log:
    lines = read_certificates(path, read_table(snakemake.input.table)["line"])
    for number, line in enumerate(lines, start=1):
        try:
            log.say(check_line(line))
        except Refused as error:
            reason = (
                f"the checker refuses line {number} ({error}); if it refuses a new one as well, "
                "prover and checker disagree: report it"
            )
            raise DamagedFile(path, reason) from error
    record = {"file": path.name, "certificates": len(lines), "accepted": len(lines)}
    write_table(make_table([record], table), snakemake.output[0], table)
