"""The cohort report: what it says (document), how it is reckoned, and the files it is handed over as."""
