"""What was played, in a file: events from the topic to one file of JSON lines, and from the file to the topic again.

`format` says what the file holds, `pacing` when each event is due again, `renaming` how the same play becomes that of
new people, `choice` what is worth keeping; the doors are `file` (zstd), `hear` (from Kafka) and `send` (to Kafka).
"""
