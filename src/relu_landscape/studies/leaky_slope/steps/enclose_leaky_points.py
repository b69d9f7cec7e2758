"""The index of points of the families, proved in balls, and certificates of the minima."""

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import Proofs
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.leaky.certified_slopes import prove_at_slope
from relu_landscape.leaky.records import enclosure_row, families_of
from relu_landscape.leaky.settings import Enclosures
from relu_landscape.studies.steps import Made


def enclose_leaky_points(enclosures: Enclosures, log: JobLog) -> Made:
    """What is proved at every k and slope, each certificate checked again."""
    cases = [
        (family, m, k, slope)
        for family, m in families_of(enclosures.blocks)
        for k in enclosures.teachers
        if k >= (m or 0) + 4
        for slope in enclosures.slopes
    ]
    progress = log.progress("points in balls", "points")
    rows, proofs = [], Proofs()
    for done, case in enumerate(cases, start=1):
        rows.append(enclosure_row(*case))
        prove_at_slope(proofs, *case)
        progress(done, len(cases))
    return {
        "leaky_enclosures": rows,
        "certified_slopes": proofs.records,
        "certificates": file_text(proofs.lines),
    }
