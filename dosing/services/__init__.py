"""The only writers of decisions, alerts and tasks."""
