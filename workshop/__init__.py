"""What ``run`` is made of: standard library only, for it works before anything is installed.

Only proofs and benchmarks, and what they are made of, may use more: they run after it.
"""
