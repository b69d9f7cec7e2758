"""Each family at every k and slope, and where it changes."""

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.leaky.records import families_of, family_rows, size_rows
from relu_landscape.leaky.settings import Families, Sizes
from relu_landscape.leaky.tables import LeakyPoints, LeakyThresholds
from relu_landscape.studies.steps import Made


def follow_slopes(families: Families, sizes: Sizes, log: JobLog) -> Made:
    """The points of every family, its folds, and where it turns into a saddle."""
    members = [
        (family, m, k)
        for family, m in families_of(families.blocks)
        for k in families.teachers
        if k >= (m or 0) + 4
    ]
    progress = log.progress("families in the slope", "families")
    points: list[LeakyPoints] = []
    events: list[LeakyThresholds] = []
    for done, (family, m, k) in enumerate(members, start=1):
        rows, happened = family_rows(family, m, k, families.slopes)
        points += rows
        events += happened
        progress(done, len(members))
    changes = list(size_rows(sizes.blocks, sizes.slopes, sizes.fold_blocks))
    return {"leaky_points": points, "leaky_thresholds": events, "leaky_sizes": changes}
