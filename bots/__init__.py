"""Players without a screen: they play the same `world.py` as a person, through what a person could see.

`paddlers` is a bot's eyes and hands, `mind` what it is like inside, `churn` when it has had enough (`families` loads
yours). `sitting` plays one game a bot, `fleet` thousands of them in one event loop: players come to its `seats` and
leave them when the `schedule` has `shifts` for them. `outing` sends a fleet out and home, `processes` several of them
as one crowd (`child` is one, `orders` what they say), and all tell their `pulse`. `report` measures, `ledger` and
`reckoning` count what became of every acknowledged event, and `log` reads back what was believed and decided.

What a bot is like inside never leaves it: the system has to find out from how it paddles, as it has to with a person.
"""
