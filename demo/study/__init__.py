"""The study's 38 patients, reconstructed: a table of weeks 0 and 52 made into longitudinal records."""
