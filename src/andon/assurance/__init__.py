"""Gap assessment, evidence rules, readiness: what answers the standard."""
