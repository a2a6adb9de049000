"""Processes are killed, calls fail, disks are full: what was acknowledged is there, whole."""
