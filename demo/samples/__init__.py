"""Some twenty invented patients of today: every answer, every missing item, every safety state."""
