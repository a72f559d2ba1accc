"""Turns exercise sources into assignments, grades what is handed in, and returns feedback, on top of nbgrader."""
