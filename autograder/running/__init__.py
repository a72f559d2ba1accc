"""Runs hand-ins without a kernel: the trainee's code in a confined process, the tests in another that it never sees."""
