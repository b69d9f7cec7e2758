"""Adapter of rule check_conjecture12."""

from pathlib import Path

from relu_landscape.certificates.check_conjecture12 import Refused, certificates_in, check_line
from relu_landscape.evidence.job_log import job_log
from relu_landscape.storage import DamagedFile
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

path, table = Path(snakemake.input.certificate), "conjecture12_checks"

with job_log(snakemake.log[0]) as log:
    records = []
    try:
        for number, line in enumerate(certificates_in(path), start=1):
            said = check_line(line)
            log.say(said)
            records.append({"line": number, "accepted": True, "says": said})
    except (Refused, UnicodeDecodeError) as error:
        reason = (
            f"the checker refuses it ({error}); if it refuses a new one as well, prover and "
            "checker disagree: report it"
        )
        raise DamagedFile(path, reason) from error
    theorems = len(read_table(snakemake.input.table))
    if len(records) != theorems:
        raise DamagedFile(path, f"it has {len(records)} certificates, its table {theorems}")
    write_table(make_table(records, table), snakemake.output[0], table)
