"""From what players did to what we believe about them.

`player.py` is the heart: `step(player, event) -> (player, signals)`, over the beliefs of `signals/`, one file each.
`app.py` runs it on Faust, with a transport (`batching.py`) that hands it whole fetched chunks; `fold.py` runs the same
heart over lines of a file. What should be done about a belief is not asked here.
"""
