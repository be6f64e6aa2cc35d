"""Players without a screen: they play the same `world.py` as a person, through what a person could see.

`paddlers` is a bot's eyes and hands, `mind` what it is like inside, `churn` when it has had enough (`families` loads
yours), `sitting` plays one game a bot, `fleet` plays thousands of them in one event loop, whose `seats` players come to
and leave; `report` measures, `ledger` counts what became of every acknowledged event, and `log` reads back what was
believed and decided. What a bot is like inside never leaves it: the system has to find out from how it paddles, as it
has to with a person.
"""
