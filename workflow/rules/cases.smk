"""The sizes of the main searches, which several studies go by, and where studies say what they make.

INPUTS: config.
OUTPUTS: the names SEARCHES, CASES, ..., and COLLECTED and STUDIES, to which the rules file of each study adds.
"""

config = checked_config()
SAFRAN = config["safran"]
PROTOCOLS = {protocol["name"]: protocol for protocol in config["protocols"]}
SEARCHES = {search["name"]: search for search in SAFRAN["searches"]}
# (search, case) -> its entry of `sizes`
SIZES = {
    (name, case_name(k, n)): size
    for name, search in SEARCHES.items()
    for size in search["sizes"]
    for k, n in pairs(size)
}
CASES = sorted({case for _, case in SIZES}, key=case_size)
CASES_OF = {
    name: sorted({case for search, case in SIZES if search == name}, key=case_size)
    for name in SEARCHES
}
CLASSIFIED = [
    case
    for case in CASES
    if extra_students(case) in SAFRAN["classes"]["extra_students"]
]
SPLIT = [
    case
    for case in CLASSIFIED
    if case_size(case)[0] <= SAFRAN["splitting"]["largest_k"]
]
# How far apart their runs end is of interest where a protocol bounds the whole gradient, as S21 does.
SPREAD = {
    name: [
        case
        for case in CASES_OF[name]
        if extra_students(case) == 0 and case in CLASSIFIED
    ]
    for name, search in SEARCHES.items()
    if PROTOCOLS[search["protocol"]]["gradient_measure"] == "frobenius"
}
CONFIRMED = {
    name: [case for case in cases if extra_students(case) > 0]
    for name, cases in CASES_OF.items()
}

# Sizes with known minima in whose basins the restarts of some search may end.
BASINS = [
    case
    for case in CASES
    if extra_students(case) == 0
    and case_size(case)[0] >= 2
    and any(case in CASES_OF[search] for search in SAFRAN["basins"]["searches"])
]

# What is made in parts -> its tables and arrays, one file a part: results/<profile>/<table>/<part>.parquet
COLLECTED = {}
# study -> what it makes, each file by a rule of its rules file or of evidence.smk
STUDIES = {}
