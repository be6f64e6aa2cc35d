"""What was found, in sentences that follow from the numbers: harm first, and last what was not shown.

It refuses to know how one estimate is put (`sentences`). Strange: the sections are values, because the same words stand
in words.md and in report.html.
"""

from collections.abc import Sequence

from msgspec import Struct

from experiments.results import (
    CONTROL,
    INDIFFERENT,
    REPEATED,
    Comparison,
    Conduct,
    Harm,
    Results,
    Same,
    contenders,
    harms,
)
from experiments.sentences import chance, counted, listed, percent, sentence


class Section(Struct, frozen=True):
    """A heading, and the points of a list below it."""

    title: str
    points: tuple[str, ...]


def sections(results: Results) -> tuple[Section, ...]:
    """The whole page."""
    return (
        Section("Harm", _harm(results)),
        Section("What was asked", _asked(results)),
        Section("May the figures be believed?", _checks(results)),
        *(Section(f"With {family}", _family(results, family)) for family in results.families),
        Section("What was not shown", _not_shown(results)),
    )


def markdown(results: Results) -> str:
    """The page as Markdown."""
    told = (f"## {of.title}\n" + "\n".join(f"- {point}" for point in of.points) for of in sections(results))
    return "\n\n".join(["# What this experiment found", *told]) + "\n"


def whose(harm: Harm) -> str:
    """Who was harmed, in words."""
    if harm.group is None:
        return "its players"
    return {"skill": "its {} of skill", "persona": "its players of persona {}"}[harm.group.kind].format(harm.group.name)


def _harm(results: Results) -> tuple[str, ...]:
    found = tuple(sentence(harm.family, harm.policy, harm.estimate, whose(harm)) for harm in harms(results))
    groups = counted(sum(len(comparison.groups) for comparison in results.comparisons), "sub-group")
    compared = counted(len(results.comparisons), "comparison")
    looked = f"{compared} and {groups} by skill and persona are what was looked at."
    if not found:
        return (f"None was found: no interval lies below zero. {looked}",)
    chance_alone = (
        "Every interval below zero is told; where nothing happens one in forty lies there by chance, so it says `may`"
        " where Holm would excuse it."
    )
    return (*found, f"{looked} {chance_alone}")


def _asked(results: Results) -> tuple[str, ...]:
    made, others = results.made, contenders(results.policies)
    question = (
        f"Do players play more rounds when {listed(others)} set the river than when the designer's curve does"
        f" ({CONTROL}, the control)? Counted are the rounds after a burn-in of {made.burn_in},"
        f" up to a horizon of {made.horizon}."
    )
    players = (
        f"Players leave as {listed(results.families)} say; played were {counted(len(results.seeds), 'seed')} and"
        f" {made.rounds:,} rounds in all. The k-th player of every arm is the same person with the same luck."
    )
    surety = (
        f"Intervals are of {made.draws} bootstrap draws over pairs of players within seeds; p is adjusted by Holm"
        " over the policies of a family, and over the sub-groups of a policy."
    )
    return question, players, surety


def _checks(results: Results) -> tuple[str, ...]:
    found = [_splits(results), *(_differs(same) for same in results.same if same.different)]
    if fine := [same for same in results.same if not same.different]:
        pairs = sum(same.pairs for same in fine)
        found.append(f"A/A is exactly zero, in each of {pairs:,} pairs: {'; '.join(_which(fine))}.")
    if not results.same:
        found.append(f"No A/A check was part of this run: neither {INDIFFERENT} nor the control a second time.")
    for family in results.families:
        refused = [graph for graph in results.graphs if graph.family == family and graph.refusal]
        if refused:
            why = f"{counted(len(refused), 'seed')}, as in seed {refused[0].seed}: {refused[0].refusal}"
            found.append(f"P3 had no graph of its own with {family} in {why}")
    if slopes := [graph.slope[0] for graph in results.graphs if graph.slope and not graph.refusal]:
        found.append(f"The calibration slopes of P3's graphs are {min(slopes):.2f} to {max(slopes):.2f}; 1 is right.")
    return tuple(found)


def _splits(results: Results) -> str:
    alarms = [f"{split.family} seed {split.seed}" for split in results.splits if split.alarm]
    if alarms:
        return f"Do not believe this run: the arms have not the sizes they were promised, in {listed(alarms)}."
    least = min((split.p for split in results.splits), default=1.0)
    return (
        "The arms have the sizes they were promised (test for a sample ratio mismatch in"
        f" {counted(len(results.splits), 'cell')}, the least {chance(least)}; the alarm is below .0005)."
    )


def _which(checks: Sequence[Same]) -> list[str]:
    """Which arms were held against which, family by family."""
    told = []
    for family in dict.fromkeys(check.family for check in checks):
        against = [check.against for check in checks if check.family == family]
        if REPEATED in against:
            told.append(f"the control played twice with {family}")
        if policies := [policy for policy in against if policy != REPEATED]:
            told.append(f"{listed(policies)} against the control with {family}")
    return told


def _differs(same: Same) -> str:
    what, differ = _which([same])[0], f"{same.different:,} of {same.pairs:,} pairs differ"
    return f"Do not believe this run: {what} must be the very same, and {differ}."


def _family(results: Results, family: str) -> tuple[str, ...]:
    of = [comparison for comparison in results.comparisons if comparison.family == family]
    return (
        *(sentence(family, comparison.policy, comparison.everyone) for comparison in of),
        *(_beside(comparison) for comparison in of if comparison.everyone.verdict != "nothing"),
        _flow([arm for arm in results.arms if arm.family == family]),
    )


def _beside(of: Comparison) -> str:
    plain, cuped, stay = of.field.plain, of.field.cuped, of.survival
    stayed = (
        f"half had left after {stay.median:.0f} rounds, in the control after {stay.median_control:.0f}"
        if stay.median is not None and stay.median_control is not None
        else "in one arm at least most were still there at the horizon"
    )
    return (
        f"{of.policy} as a trial with as many people, none of them twins, would have seen it:"
        f" {percent(plain.low, signed=True)} to {percent(plain.high, signed=True)}, with CUPED"
        f" {percent(cuped.low, signed=True)} to {percent(cuped.high, signed=True)} (the burn-in explains"
        f" {percent(of.field.explained, 0)} of the variance); {stayed} (log-rank {chance(stay.logrank_p)})."
    )


def _flow(arms: Sequence[Conduct]) -> str:
    shares = listed(f"{arm.policy} {percent(arm.flow)} ({percent(arm.true_flow)})" for arm in arms)
    return (
        "Rounds in the flow channel, by a predicted chance of clearing within .65 to .85 (and by the chance the bots"
        f" really had): {shares}."
    )


def _not_shown(results: Results) -> tuple[str, ...]:
    people = (
        "Anything about people. Bots are not people: at most it was shown that a policy beats the control under the"
        " churn models named here, never that players are so many percent more engaged."
    )
    reasons = (
        f"Why players leave. {listed(results.families)} are assumptions, and with another the order may be another."
        " What its makers knew, a policy may have been built for: load a family of your own."
    )
    ends = f"What happens after {results.made.horizon} rounds, or to players who left before the burn-in was over."
    joy = "That more rounds are better rounds. Rounds were counted, not joy, and nobody was asked how it felt."
    fast = (
        "What strokes, rocks, pauses, hints and rewards do: fast mode draws the end of each round from the curve"
        " measured on the real game, and lives through none of them."
    )
    unsure = [f"{of.policy} with {of.family}" for of in results.comparisons if of.everyone.verdict == "not shown"]
    none = f"That there is no difference for {listed(unsure)}: what was not shown may still be there."
    return (people, reasons, ends, joy, fast, *([none] if unsure else []))
