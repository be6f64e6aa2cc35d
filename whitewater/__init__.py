"""The command: one file per verb, each of them thin.

A verb reads its options, opens front doors and reports. It holds no rule of the game, of the stream or of the stack;
what two verbs share is in `manners` (how to fail), `server` (where the API is), `runs` (what a run leaves behind) and
`news` (what is heard while it runs).
"""
