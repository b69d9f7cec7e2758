"""Pairs of students of opposite outputs: along the lines of splits, and at the ends of channels."""

import numpy as np

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.signed_outputs.channel_ends import (
    ChannelCase,
    channel_rows,
    random_unit_teachers,
)
from relu_landscape.signed_outputs.settings import Channels, Lines
from relu_landscape.signed_outputs.split_lines import curvature_rows, slice_rows
from relu_landscape.signed_outputs.tables import ChannelEnds, ChannelRises
from relu_landscape.studies.steps import Made


def follow_signed_pairs(lines: Lines, channels: Channels, log: JobLog) -> Made:
    """Curvature along the lines, F next to one, and the minima of networks with a gated unit."""
    cases = [
        ChannelCase("orthonormal", number, np.eye(size.teachers), size.students)
        for number, size in enumerate(channels.orthonormal)
    ]
    law = channels.random
    for draw in range(law.draws):
        V = random_unit_teachers(law.teachers, law.inputs, draw, channels.seed)
        cases.append(ChannelCase("random", draw, V, law.students))
    found: list[ChannelEnds | ChannelRises] = []
    progress = log.progress("ends of channels", "sets of teachers")
    for done, case in enumerate(cases, start=1):
        found += channel_rows(case, channels.starts, channels.gammas, channels.seed)
        progress(done, len(cases))
    return {
        "split_curvatures": [
            row for k in lines.teachers for row in curvature_rows(k, lines.gammas)
        ],
        "signed_slices": list(slice_rows(min(lines.teachers), lines.slice_points)),
        "channel_ends": [row for row in found if isinstance(row, ChannelEnds)],
        "channel_rises": [row for row in found if isinstance(row, ChannelRises)],
    }
