"""A single teacher neuron, several students: descent into the valley, the law of the loss there.

descents    follow_runs: gradient descent with records at geometric times
laws        fit_laws, reach_limits: how fast each run falls, and what F t^3 tends to
expansions  the local law of `global_minima.valley_law` beside the loss in extended precision
settings    what a config says of it
tables      its result tables
"""
