"""What a checkout needs around the product.

run.py uses the standard library only: it runs before anything is installed.
"""
