"""The trust model: the Trust Compass, the behaviour vocabulary and the customer's hidden state."""
