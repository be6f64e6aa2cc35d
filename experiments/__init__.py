"""Does it work? Players with known minds are given to every policy, and the answer may be no.

It may import every heart of the other rooms, so that what is proved is the very code that runs, and no door.
"""
