"""The cohort report: its contents (document), how they are computed, and the files it is delivered as."""
