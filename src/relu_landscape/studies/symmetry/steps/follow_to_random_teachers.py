"""What becomes of II_1 when the teachers are random unit vectors."""

from relu_landscape.families.random_teachers import random_teacher_records
from relu_landscape.families.settings import RandomTeachers
from relu_landscape.studies.steps import Made


def follow_to_random_teachers(random_teachers: RandomTeachers) -> Made:
    """Every draw for every number of inputs."""
    return {"random_teachers": random_teacher_records(random_teachers)}
