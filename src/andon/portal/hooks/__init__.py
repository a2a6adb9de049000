"""Webhooks: other programs are told what happened, as soon as it did."""
