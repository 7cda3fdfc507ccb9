"""A year of an invented clinic on tacrolimus, day by day: do its alerts behave?"""
