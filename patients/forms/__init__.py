"""Forms validate and never save; services do. Each carries the keys against double and stale saves."""
