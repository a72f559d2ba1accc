"""What a company puts over the course without touching it: name, logo, colours, policy values, rule cards, cases."""
