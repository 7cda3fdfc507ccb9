"""One-line faults that a tired colleague could make, and which of them the tests catch."""
