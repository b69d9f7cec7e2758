"""What each study computes and makes: sizes, tables, arrays, figures; data alone, no rules.

INPUTS: config.
OUTPUTS: the names SEARCHES, CASES, ..., COLLECTED, FIGURES and STUDIES, which the helpers of common.smk read.
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

# Sizes with known minima in whose basins the restarts of some search may end.
BASINS = [
    case
    for case in CASES
    if extra_students(case) == 0
    and case_size(case)[0] >= 2
    and any(case in CASES_OF[search] for search in SAFRAN["basins"]["searches"])
]

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
    *(["basins"] if BASINS else []),
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
# figure -> module.function of relu_landscape.figures, and what it is drawn from
SAFRAN_FIGURES = {
    "safran2018_bad_run_rates": {
        "plot": "rates.safran2018_bad_run_rates",
        "tables": ["bad_run_rates"],
        "arrays": [],
        "published": ["safran2018_bad_run_rates"],
    },
    "good_runs_by_overparameterisation": {
        "plot": "good_runs.good_runs_by_overparameterisation",
        "tables": ["bad_run_rates", "confirmations", "bad_run_ends"],
        "arrays": [],
        "published": [],
    },
    "class_levels": {
        "plot": "levels.class_levels",
        "tables": ["curvature", "memberships"],
        "arrays": [],
        "published": ["safran2018_bad_run_rates"],
    },
    "safran2021_global_minimum_counts": {
        "plot": "global_minimum_shares.safran2021_global_minimum_counts",
        "tables": ["global_minimum_counts"],
        "arrays": [],
        "published": ["safran2021_global_minimum_counts"],
    },
    "safran2021_figure_1": {
        "plot": "norm_sums.safran2021_figure_1",
        "tables": ["memberships", "curvature"],
        "arrays": [],
        "published": ["safran2021_figure1"],
    },
    "minima_heat_maps": {
        "plot": "matrices.minima_heat_maps",
        "tables": ["classes", "curvature"],
        "arrays": ["representatives"],
        "published": [],
    },
    "hessian_spectra": {
        "plot": "spectra.hessian_spectra",
        "tables": ["curvature"],
        "arrays": ["spectra"],
        "published": [],
    },
    "curvature_after_splitting": {
        "plot": "splitting.curvature_after_splitting",
        "tables": ["splits"],
        "arrays": [],
        "published": [],
    },
    "landing_after_splitting": {
        "plot": "splitting.landing_after_splitting",
        "tables": ["fates"],
        "arrays": [],
        "published": [],
    },
}
GLOBAL_MINIMA_FIGURES = {
    "negative_curvature_near_global_minima": {
        "plot": "negative_curvature.negative_curvature_near_global_minima",
        "tables": ["negative_curvature"],
        "arrays": [],
        "published": [],
    },
    "valley_quotients": {
        "plot": "valley.valley_quotients",
        "tables": ["valley_points"],
        "arrays": [],
        "published": [],
    },
    "convexity_radius": {
        "plot": "convexity.convexity_radius",
        "tables": ["convexity_radii"],
        "arrays": [],
        "published": [],
    },
    "safran2021_table_1": {
        "plot": "table_1.safran2021_table_1",
        "tables": ["table_1"],
        "arrays": [],
        "published": ["safran2021_table1"],
    },
    "quotients_by_direction": {
        "plot": "directions.quotients_by_direction",
        "tables": ["direction_quotients"],
        "arrays": [],
        "published": [],
    },
    "conjecture_12_constant": {
        "plot": "conjecture12.conjecture_12_constant",
        "tables": ["conjecture12_search", "conjecture12_witnesses"],
        "arrays": [],
        "published": [],
    },
    "landscape_slice": {
        "plot": "landscape.landscape_slice",
        "tables": [],
        "arrays": ["landscape_slices"],
        "published": [],
    },
    "convergence_near_global_minima": {
        "plot": "convergence.convergence_near_global_minima",
        "tables": ["convergence", "convergence_rates"],
        "arrays": [],
        "published": [],
    },
    "perturbed_descent": {
        "plot": "perturbed.perturbed_descent",
        "tables": ["perturbed_descent"],
        "arrays": [],
        "published": [],
    },
}

SYMMETRY_FIGURES = {
    "family_losses": {
        "plot": "symmetry_losses.family_losses",
        "tables": ["family_points"],
        "arrays": [],
        "published": [],
    },
    "family_matrices": {
        "plot": "symmetry_matrices.family_matrices",
        "tables": ["family_points", "family_parameters"],
        "arrays": [],
        "published": [],
    },
    "family_spectra": {
        "plot": "symmetry_spectra.family_spectra",
        "tables": ["family_spectra"],
        "arrays": [],
        "published": [],
    },
    "stability_thresholds": {
        "plot": "symmetry_spectra.stability_thresholds",
        "tables": ["stability_thresholds"],
        "arrays": [],
        "published": [],
    },
    "split_eigenvalues": {
        "plot": "symmetry_splitting.split_eigenvalues",
        "tables": ["family_splits"],
        "arrays": [],
        "published": [],
    },
    "family_fates": {
        "plot": "symmetry_splitting.family_fates",
        "tables": ["family_fates"],
        "arrays": [],
        "published": [],
    },
    "annihilation_grid": {
        "plot": "symmetry_annihilation.annihilation_grid",
        "tables": ["fixed_space_searches", "fixed_space_points"],
        "arrays": [],
        "published": [],
    },
    "perturbed_targets": {
        "plot": "symmetry_persistence.perturbed_targets",
        "tables": ["perturbed_targets"],
        "arrays": [],
        "published": [],
    },
    "families_reached": {
        "plot": "symmetry_rates.families_reached",
        "tables": ["family_rates"],
        "arrays": [],
        "published": [],
    },
}
CERTIFICATES_FIGURES = {
    "proof_times": {
        "plot": "certificate_times.proof_times",
        "tables": ["proof_times"],
        "arrays": [],
        "published": [],
    },
    "proved_minima": {
        "plot": "certificates_minima.proved_minima",
        "tables": ["certified_classes", "certified_pairs", "curvature"],
        "arrays": [],
        "published": [],
    },
    "proved_radius": {
        "plot": "certificates_radius.proved_radius",
        "tables": ["certified_global_minima", "convexity_radii"],
        "arrays": [],
        "published": [],
    },
    "proved_families": {
        "plot": "certificates_families.proved_families",
        "tables": ["certified_families"],
        "arrays": [],
        "published": [],
    },
    "proved_inequalities": {
        "plot": "certificates_inequalities.proved_inequalities",
        "tables": ["certified_inequalities"],
        "arrays": [],
        "published": [],
    },
}

REGIONS_FIGURES = {
    "karhadkar2024_figure_1": {
        "plot": "regions_full_rank.karhadkar2024_figure_1",
        "tables": ["full_rank_cells", "transition_widths"],
        "arrays": [],
        "published": [],
    },
    "karhadkar2024_figure_2": {
        "plot": "regions_full_rank.karhadkar2024_figure_2",
        "tables": ["full_rank_cells", "transition_widths"],
        "arrays": [],
        "published": [],
    },
    "transition_widths": {
        "plot": "regions_transition.transition_widths",
        "tables": ["transition_widths"],
        "arrays": [],
        "published": [],
    },
    "training_from_regions": {
        "plot": "regions_training.training_from_regions",
        "tables": ["training_runs"],
        "arrays": [],
        "published": [],
    },
    "deep_ranks": {
        "plot": "regions_deep.deep_ranks",
        "tables": ["deep_ranks"],
        "arrays": [],
        "published": [],
    },
    "region_shares": {
        "plot": "regions_counts.region_shares",
        "tables": ["region_shares"],
        "arrays": [],
        "published": [],
    },
    "one_dimensional_widths": {
        "plot": "regions_one_dimensional.one_dimensional_widths",
        "tables": ["one_dimensional_probabilities", "one_dimensional_widths"],
        "arrays": [],
        "published": [],
    },
    "zero_loss_shares": {
        "plot": "regions_zero_loss.zero_loss_shares",
        "tables": ["zero_loss_shares"],
        "arrays": [],
        "published": [],
    },
    "volume_shares": {
        "plot": "regions_volume.volume_shares",
        "tables": ["volume_shares"],
        "arrays": [],
        "published": [],
    },
    "one_neuron": {
        "plot": "regions_illustrations.one_neuron",
        "tables": [
            "illustrated_sectors",
            "illustrated_points",
            "illustrated_functions",
        ],
        "arrays": [],
        "published": [],
    },
}

FIGURES = (
    SAFRAN_FIGURES
    | GLOBAL_MINIMA_FIGURES
    | SYMMETRY_FIGURES
    | CERTIFICATES_FIGURES
    | REGIONS_FIGURES
)
FIGURE_MODULES = sorted(
    {
        f"relu_landscape.figures.{figure['plot'].split('.')[0]}"
        for figure in FIGURES.values()
    }
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
        "figures": list(SAFRAN_FIGURES),
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
        "figures": list(GLOBAL_MINIMA_FIGURES),
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
        "figures": list(SYMMETRY_FIGURES),
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
                *(["certified_basins"] if BASINS else []),
                "proof_times",
                "convexity_radii",
            )
        ],
        "arrays": [],
        "audits": [],
        "figures": list(CERTIFICATES_FIGURES),
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
        "figures": list(REGIONS_FIGURES),
        "notebooks": ["activation_regions"],
        "claims": ["karhadkar2024"],
    },
}
