"""Lessons as their authors write them: what a page holds, whether it keeps its form, what the course covers."""
