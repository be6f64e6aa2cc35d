"""One belief, one file: its definition, its formula, where that comes from, its unit and its range.

Each holds a small frozen state, functions that return the next one, and a way to read it at an instant of the active
clock. None knows the others, but for two that read the skill's scale.
"""
