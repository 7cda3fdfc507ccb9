"""The forms of this app, one subject a file."""
