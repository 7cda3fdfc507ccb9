"""Signing in, and the pages of administration."""
