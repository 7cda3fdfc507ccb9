"""Patient-level data for analysis: identified or de-identified, a row a fact or a row a patient.

tables defines the columns, subjects how a patient is identified or de-identified; build makes the files.
"""
