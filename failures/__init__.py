"""What was refused, and what becomes of it: the entries of the topic failed-events, listed, repaired and sent again.

`ledger` says which entries are open, `mend` what a repair makes of one; neither has ever seen Kafka. `topic` reads and
writes, `mapping` runs a person's jq filter, and `whitewater failed` is the person's way in.
"""
