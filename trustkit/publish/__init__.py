"""Publishing: lays out the sources of each edition, builds them and puts the site together."""
