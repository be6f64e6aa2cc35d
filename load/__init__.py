"""Load tests: a crowd on a schedule, watched, judged by thresholds, told as a report.

Hearts say what a profile is, what a threshold means, which rate to try next and what a page looks like; the doors send
the crowd out, look at the parts and end one when a run asks for it. The room knows nobody who judges players.
"""
