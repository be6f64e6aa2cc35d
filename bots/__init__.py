"""Players without a screen: they play the same `world.py` as a person, through what a person could see.

`paddlers` is a bot's eyes, hands and mind, `crowd` plays one game a bot, `fleet` plays thousands of them in one event
loop, `report` measures and `ledger` counts what became of every acknowledged event. What a bot is like inside (its
skill, its patience) never leaves it: the system has to find out from how it paddles, as it has to with a person.
"""
