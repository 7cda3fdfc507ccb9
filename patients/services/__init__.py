"""The only writers of patients and their facts. Each announces the change in its own transaction."""
