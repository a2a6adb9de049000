"""Looks at foreign files in a process of its own, with limits on time and memory (UP1).

Neither Django nor the rest of Andon is imported here: the process is small, quick to fork, and
holds nothing worth stealing. What it finds comes back as a short word; sentences are the caller's.
"""
