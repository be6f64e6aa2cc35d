"""What to wish for: one pure function a file, each with the paper it comes from.

A policy sees one belief and the state of one player and wishes for a difficulty, or has nothing to say. It may wish for
anything: the guardrails stand outside, so a new policy can be read, written and swapped without a thought for safety.
`pacing` is no policy of its own: threats, hints and rewards follow it in every arm alike.
"""
