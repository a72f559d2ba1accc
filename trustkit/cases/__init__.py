"""Complaint cases: read, compile, play, solve and debrief them."""
