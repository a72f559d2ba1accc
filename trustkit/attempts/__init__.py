"""The attempt record: what a learner did, written once, replayed to be marked."""
