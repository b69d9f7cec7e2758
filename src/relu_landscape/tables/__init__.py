"""Result tables: classes that say what they hold, and what follows from the classes.

Nothing is imported here, because each job pays for what it imports. Import from the modules:

    schema        table, Unit, at_least, between; schema_of
    columns       units, and columns that stand in many tables
    registry      load_schema, table_names
    frames        make_frame, make_table, TableError
    files         write_table, read_table, collect_tables, read_published
    checks        what a table must be when it is written or read
    typed_arrays  columns as the classes want them
    dictionary    render_dictionary
"""
