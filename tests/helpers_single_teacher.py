"""The tables of the study of one teacher at the sizes of smoke, computed in memory."""

from collections.abc import Mapping
from functools import cache
from io import StringIO

import pandas as pd
import yaml

from helpers_tables import ROOT, Tables
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.single_teacher.settings import SingleTeacher
from relu_landscape.studies.single_teacher.steps.expand_valleys import expand_valleys
from relu_landscape.studies.single_teacher.steps.follow_single_teacher import follow_single_teacher
from relu_landscape.tables.frames import make_table


@cache
def smoke_settings() -> SingleTeacher:
    """What the smoke profile says of the study."""
    config = yaml.safe_load((ROOT / "config/smoke.yaml").read_text(encoding="utf-8"))
    return SingleTeacher.model_validate(config["single_teacher"])


@cache
def _computed() -> Mapping[str, pd.DataFrame]:
    settings = smoke_settings()
    made = {
        **follow_single_teacher(settings.descents, JobLog(StringIO())),
        **expand_valleys(settings.descents, settings.valleys),
    }
    return {name: make_table(rows, name) for name, rows in made.items()}


def single_teacher_tables() -> Tables:
    """Copies of all tables of the study, to change."""
    return {name: table.copy() for name, table in _computed().items()}


def no_single_teacher_tables() -> Tables:
    """The same without a row."""
    return {name: table.iloc[:0] for name, table in _computed().items()}
