"""From the game to a stream, without making the game wait.

`port` says what a stream must offer, `kafka` offers it; `outbox` decides what is kept, put on disk or given up;
`spool` is the disk; `emitter` joins them. The room answers one question: what may be lost.
"""
