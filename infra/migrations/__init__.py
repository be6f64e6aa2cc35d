"""How the history's tables came to be what they are: Alembic runs every file of `versions` once, in order.

A file is never changed after it ran anywhere; it imports nothing of the project, whose tables will move on.
"""
