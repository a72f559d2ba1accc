"""Drills: short items that are sorted one by one, with feedback on every answer."""
