"""Thin views: the gate, one call, one answer."""
