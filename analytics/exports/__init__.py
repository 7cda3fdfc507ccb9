"""Patient-level data for analysis: identified or de-identified, a row a fact or a row a patient.

tables says which columns there are, subjects how a patient is told, making puts the files together.
"""
