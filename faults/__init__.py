"""Faults on purpose: a stack of its own is hurt while a crowd plays, and what came of it is checked from outside.

A seed and a fault's name make a plan; a recorder writes what clients saw; a checker holds it against the log, the
state, the decisions and a single-threaded replay. What is checked is the promise in the README, I1 to I8.
"""
