"""Takes a player out of everything that is kept, or hands out all of it.

The logs of Kafka it reads and rewrites itself; Redis and SQL it asks the engagement API about. It knows whose a record
is, and neither who plays nor who judges.
"""
