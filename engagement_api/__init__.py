"""Signals in, adaptations out: what the river should do about what we believe.

The hearts are `policy/` (what to wish for), `guardrails` (what no wish may do), `arms` (who is held out) and `judge`,
which puts them together: one belief and one state in, one goal and one new state out. Around them stand the doors:
`listen` (Kafka), `keep` and `history` (SQL), `live` (Redis), `river` (WebSockets), `app` (HTTP). Nobody outside this
room knows that Redis or SQL exist, and nothing in it knows how a signal was computed.
"""
