"""One belief, one file: its definition, its formula, where that comes from, its unit and its range.

Each holds a small frozen state, functions that return the next one, and a way to read it at an instant of the active
clock; what the signal is called and over what it looks back stands in `TELLS`, for the table in docs/engagement.md.
None knows the others, but for engagement.py, which is a value of hazard.py's chances; life.py brings them together.
"""
