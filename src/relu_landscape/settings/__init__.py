"""Settings: what a config may hold, as types, and the machinery around them.

What a study may be asked stands in `settings.py` of its room, one class `Part` whose fields are
keys of the config; `whole` puts the parts together. Nothing is imported here, because planning a
run pays for what it imports; no module of settings imports arrays or plots.

    model          Settings, Misfit
    kinds          ranges and lists that several studies share
    sizes          numbers of teachers, students and inputs that belong together
    names          NameIn: names by which one part refers to another
    entries        pairs, repeated_cells: what short entries of a config stand for
    whole          whole_model, config_faults, misnamed_profile, unknown_studies
    faults         check_document: what is wrong with a document, one line a fault
    phrases        what a schema allows, in words
    pages          config_page, config_schema: generated
    yaml_files     read_yaml, UnreadableFile
"""
