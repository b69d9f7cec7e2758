"""The studies, one folder each: what they compute, judge and draw.

declarations       declared_steps, declared_verdicts, declared_figures, draw_figure
steps              what a step is given and makes
job                run_step
rows               rows_of, by_size, teachers_in
proofs             join_proofs, tables_behind, count_proved
results            read_results, for notebooks
show               describe_case
figure_dictionary  render_figure_dictionary
"""
