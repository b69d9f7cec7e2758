"""The studies, one folder each: what they compute, judge and draw."""
