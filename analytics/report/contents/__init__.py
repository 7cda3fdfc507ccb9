"""What the cohort report says: outcomes and statistics put into the sections of a document."""
