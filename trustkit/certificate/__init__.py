"""Certificates: what must be mastered for one, the sheet of paper, and how it is told from a forgery."""
