"""The prednisolone taper: the plan, its next step, whether it may be taken, and what became of it."""
