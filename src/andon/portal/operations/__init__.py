"""How the installation is doing: for probes, for monitoring, and for the administrator."""
