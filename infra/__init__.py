"""What stands around the rooms: the local stack, the topics, the migrations, the containers.

Nothing here knows what an event means. `local` brings up the real services on one machine; the files beside it are used
by `local` and by the containers alike.
"""
