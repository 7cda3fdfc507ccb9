"""Forecasts of tacrolimus levels: of a patient now, kept, scored by the level that followed.

numpy and scipy are imported with the first forecast, not with the program.
"""
