"""What each study computes and makes: sizes, tables, arrays, figures; data alone, no rules.

INPUTS: config.
OUTPUTS: the names SEARCHES, CASES, ..., COLLECTED and STUDIES, which the helpers of common.smk read.
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
CONFIRMED = {
    name: [case for case in cases if extra_students(case) > 0]
    for name, cases in CASES_OF.items()
}

# What is made in parts -> its tables and arrays, one file a part: results/<profile>/<table>/<part>.parquet
SAFRAN_COLLECTED = {
    "restarts": {
        "tables": ["restarts"],
        "arrays": [],
        "parts": [
            f"{search}/{span}/batch{batch:03d}"
            for search, cases in CASES_OF.items()
            for span in spans(cases)
            for batch in range(batch_count(search, span))
        ],
    },
    "classes": {
        "tables": ["memberships", "classes"],
        "arrays": ["representatives"],
        "parts": spans(CLASSIFIED),
    },
    "curvature": {
        "tables": ["curvature", "neurons"],
        "arrays": ["spectra", "softest_directions"],
        "parts": spans(CLASSIFIED),
    },
    "splits": {
        "tables": ["splits", "fates"],
        "arrays": ["landings"],
        "parts": spans(SPLIT),
    },
    "confirmations": {
        "tables": ["confirmations"],
        "arrays": [],
        "parts": [
            f"{search}/{span}"
            for search, cases in CONFIRMED.items()
            for span in spans(cases)
        ],
    },
}

GLOBAL_MINIMA = config["global_minima"]
GLOBAL_MINIMA_COLLECTED = {
    "convexity_radii": {
        "tables": ["convexity_radii"],
        "arrays": ["convexity_directions"],
        "parts": [f"k{k}" for k in GLOBAL_MINIMA["convexity"]["teachers"]],
    },
    "conjecture12_search": {
        "tables": ["conjecture12_search"],
        "arrays": ["conjecture12_points"],
        "parts": teachers_of(GLOBAL_MINIMA["conjecture12"]["sizes"]),
    },
    "perturbed_descent": {
        "tables": ["perturbed_descent", "theorem_13"],
        "arrays": [],
        "parts": teachers_of(GLOBAL_MINIMA["perturbed_descent"]["sizes"]),
    },
}

SYMMETRY = config["symmetry"]
# family, m, students beyond n = k
FAMILIES = [
    ("A", None, 0),
    *((family, m, 0) for m in SYMMETRY["families"]["blocks"] for family in ("I", "II")),
    ("A", None, 1),
    ("I", 1, 1),
    ("II", 1, 1),
]
FIXED_SPACES = [
    space_name(k, q)
    for k in SYMMETRY["fixed_spaces"]["teachers"]
    for q in SYMMETRY["fixed_spaces"]["columns"]
]
NAMED = [case for case in CLASSIFIED if extra_students(case) in (0, 1)]
SYMMETRY_COLLECTED = {
    "fixed_spaces": {
        "tables": ["fixed_space_searches", "fixed_space_points"],
        "arrays": [],
        "parts": FIXED_SPACES,
    },
    "perturbed_targets": {
        "tables": ["perturbed_targets"],
        "arrays": [],
        "parts": [f"k{k}" for k in SYMMETRY["perturbed_targets"]["teachers"]],
    },
    "identified_classes": {
        "tables": ["identified_classes"],
        "arrays": [],
        "parts": spans(NAMED),
    },
}

CERTIFICATES = config["certificates"]
CERTIFIED = [
    case
    for case in CLASSIFIED
    if extra_students(case) in (0, 1)
    and case_size(case)[0] <= CERTIFICATES["classes"]["largest_k"]
]
CERTIFICATE_FILES = [
    *spans(CERTIFIED),
    "pairs",
    "families",
    "global_minima",
    "inequalities",
]
CERTIFICATES_COLLECTED = {
    "certified_classes": {
        "tables": ["certified_classes"],
        "arrays": [],
        "parts": spans(CERTIFIED),
    },
    "certificate_checks": {
        "tables": ["certificate_checks"],
        "arrays": [],
        "parts": CERTIFICATE_FILES,
    },
}

REGIONS = config["activation_regions"]
LAWS = [
    f"{data}-{initialisation}"
    for data in REGIONS["laws"]["data"]
    for initialisation in REGIONS["laws"]["initialisations"]
]
REGIONS_COLLECTED = {
    table: {"tables": [table], "arrays": [], "parts": LAWS}
    for table in ("full_rank_cells", "training_runs")
}

COLLECTED = (
    SAFRAN_COLLECTED
    | GLOBAL_MINIMA_COLLECTED
    | SYMMETRY_COLLECTED
    | CERTIFICATES_COLLECTED
    | REGIONS_COLLECTED
)
# study -> what it makes, each file by the rule that its rules file or evidence.smk has for it
STUDIES = {
    "safran": {
        "tables": tables_of(SAFRAN_COLLECTED)
        + [
            "<results>/statistics/bad_run_rates.parquet",
            "<results>/statistics/bad_run_ends.parquet",
            "<results>/statistics/global_minimum_counts.parquet",
        ],
        "arrays": arrays_of(SAFRAN_COLLECTED),
        "audits": ["<results>/audits/safran.json"],
        "figures": figures_of("safran"),
        "notebooks": ["safran"],
        "claims": ["safran2018", "safran2021"],
    },
    "global_minima": {
        "tables": tables_of(GLOBAL_MINIMA_COLLECTED)
        + [
            f"<results>/tables/{name}.parquet"
            for name in (
                "perturbation_forms",
                "convergence",
                "global_minimum_members",
                "global_minimum_spectra",
                "negative_curvature",
                "valley_points",
                "table_1",
                "direction_quotients",
                "conjecture12_witnesses",
                "witness_weights",
                "convergence_rates",
            )
        ],
        "arrays": arrays_of(GLOBAL_MINIMA_COLLECTED)
        + ["<results>/arrays/landscape_slices.npz"],
        "audits": ["<results>/audits/global_minima.json"],
        "figures": figures_of("global_minima"),
        "notebooks": ["global_minima"],
        "claims": ["safran2021"],
    },
    "symmetry": {
        "tables": tables_of(SYMMETRY_COLLECTED)
        + [
            f"<results>/tables/{name}.parquet"
            for name in (
                "family_points",
                "family_parameters",
                "family_spectra",
                "family_splits",
                "family_fates",
                "stability_thresholds",
                "puiseux_coefficients",
                "family_rates",
            )
        ],
        "arrays": [],
        "audits": ["<results>/audits/symmetry.json"],
        "figures": figures_of("symmetry"),
        "notebooks": ["symmetry"],
        "claims": ["arjevani2022"],
    },
    # Its audit is the checker, which shares no code with what writes the certificates.
    "certificates": {
        "tables": tables_of(CERTIFICATES_COLLECTED)
        + [
            f"<results>/tables/{name}.parquet"
            for name in (
                "curvature",
                "certified_pairs",
                "certified_families",
                "certified_global_minima",
                "certified_inequalities",
                "proof_times",
                "convexity_radii",
            )
        ],
        "arrays": [],
        "audits": [],
        "figures": figures_of("certificates"),
        "notebooks": ["certificates"],
        "claims": ["certificates"],
    },
    "activation_regions": {
        "tables": tables_of(REGIONS_COLLECTED)
        + [
            f"<results>/tables/{name}.parquet"
            for name in (
                "transition_widths",
                "deep_ranks",
                "region_counts",
                "region_shares",
                "one_dimensional_widths",
                "one_dimensional_probabilities",
                "zero_loss_shares",
                "zero_loss_counts",
                "zero_loss_bounds",
                "volume_shares",
                "illustrated_points",
                "illustrated_sectors",
                "illustrated_functions",
            )
        ],
        "arrays": [],
        "audits": ["<results>/audits/activation_regions.json"],
        "figures": figures_of("activation_regions"),
        "notebooks": ["activation_regions"],
        "claims": ["karhadkar2024"],
    },
}
