"""The class report: what a class has handed in, where it struggles and who needs a talk, as one page and two tables."""
