"""The basins in which searches end their runs: what the checker needs to prove them."""

from collections.abc import Mapping

from relu_landscape.certificates import basin_lines
from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import Proofs
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.search.basins import Basins
from relu_landscape.studies.steps import Arrays, Made


def certify_basins(basins: Mapping[str, Arrays], log: JobLog) -> Made:
    """A line for each basin, from the very numbers that the searches were given.

    Args:
        basins: of each size, by the path of their file.
        log: told of progress.
    """
    proofs, progress = Proofs(), log.progress("basins", "sizes")
    for done, arrays in enumerate(basins.values(), start=1):
        proofs.append(basin_lines.certify_basins(Basins(**arrays)))
        progress(done, len(basins))
    return {"certified_basins": proofs.records, "certificates": file_text(proofs.lines)}
