"""Packages for learning platforms: a module or a case of the course as SCORM 1.2, SCORM 2004 or cmi5."""
