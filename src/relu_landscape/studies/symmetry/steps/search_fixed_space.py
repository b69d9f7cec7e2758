"""Random starts in a fixed-point space, with more neurons than teachers."""

from relu_landscape.families.settings import FixedSpaces
from relu_landscape.studies.steps import Made
from relu_landscape.studies.symmetry.search_records import fixed_space_records


def search_fixed_space(space: str, settings: FixedSpaces) -> Made:
    """The searches for every number of neurons more, and the points that they found.

    Args:
        space: k and the number of single columns, as in paths: k12-q2.
        settings: of the searches.
    """
    k, columns = (int(part[1:]) for part in space.split("-"))
    searches, points = [], []
    for extra in settings.extra_students:
        search, found = fixed_space_records(
            k, columns, extra, starts=settings.starts, seed=settings.seed
        )
        searches.append(search)
        points += found
    return {"fixed_space_searches": searches, "fixed_space_points": points}
