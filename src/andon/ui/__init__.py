"""Base templates, components, charts; no models."""
