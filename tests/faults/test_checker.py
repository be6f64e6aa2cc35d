"""The checker can fail: every promise is broken once by hand in a run that was sound, and it says so, and which."""

from datetime import timedelta

from msgspec.structs import replace

from contract.codec import encode
from contract.events import StrokeMade
from faults.checker import check
from faults.evidence import Evidence, Process
from faults.history import Frame, History, Injected, Op
from faults.plan import Mangling, Plan, Step
from faults.verdict import Violation
from processors.state import read, write
from tests.faults.sound import ALDER, BIRCH, EVENTS, PLAN, broken, evidence, history, lain, log, played
from tests.processors.river import folded


def only(violations: list[Violation], promise: str, *words: str) -> None:
    """There is one violation at least, all are of this promise, and the first says these words."""
    assert {violation.of for violation in violations} == {promise}
    assert all(word in violations[0].sentence for word in words), violations[0].sentence


def test_a_sound_run_breaks_nothing_and_is_counted() -> None:
    """Two players of six events, one message that is none; each was answered when sitting down and after two rounds."""
    found = evidence()
    verdict = check(PLAN, history(found), found)
    assert verdict.violations == ()
    assert (verdict.acknowledged, verdict.accepted, verdict.failed, verdict.repeated) == (2 * EVENTS, 2 * EVENTS, 1, 0)
    assert (verdict.lost, verdict.doubled, verdict.decided, verdict.frames) == (0, 0, 6, 6)


def test_what_was_acknowledged_and_is_not_on_the_log_breaks_the_first() -> None:
    """A client was promised event 7, and nobody has it."""
    only(broken(evidence(), Op("ok", 1.0, ALDER[1], 7)), "I1", "1 acknowledged", "event 7 of s-alder")


def test_an_event_without_an_effect_breaks_the_second_and_is_counted_as_lost() -> None:
    """The state lacks the last event: it is said which field shows it first, and the account is wrong, too."""
    found = evidence()
    short = write(folded([each for each in played() if each.subject == ALDER[0]][:-1]), 9)
    verdict = check(PLAN, history(found), wrong := replace(found, state={**found.state, ALDER[0]: short}))
    assert verdict.lost == 1
    assert {violation.of for violation in verdict.violations} == {"I2", "I5"}
    assert "heard[0].highest is 5 and not 6" in broken(wrong)[0].sentence


def test_an_event_with_two_effects_breaks_the_second_and_is_counted_as_doubled() -> None:
    """One event more than there were, though every number is right."""
    found = evidence()
    player = read(found.state[BIRCH[0]])
    heard = (replace(player.heard[0], events=EVENTS + 1),)
    twice = write(replace(player, heard=heard), 11)
    verdict = check(PLAN, history(found), replace(found, state={**found.state, BIRCH[0]: twice}))
    assert verdict.doubled == 1
    assert "heard[0].events is 7 and not 6" in verdict.violations[0].sentence


def test_a_player_who_was_forgotten_breaks_the_second() -> None:
    """Nothing is kept of somebody of whom the log tells."""
    found = evidence()
    kept = {player: raw for player, raw in found.state.items() if player != ALDER[0]}
    assert "nothing is kept of p-alder" in broken(replace(found, state=kept))[0].sentence


def test_a_belief_that_does_not_follow_from_the_log_breaks_the_second() -> None:
    """One more round than were played was believed after the last stroke."""
    found = evidence()
    record, belief = found.beliefs[-1]
    wrong = (record, replace(belief, data=replace(belief.data, rounds=3)))
    only(broken(replace(found, beliefs=[*found.beliefs[:-1], wrong])), "I2", "rounds is 3 and not 2")


def test_a_belief_that_is_told_twice_breaks_nothing() -> None:
    """A worker that came back tells once more, in order, what it told before: ids and contents are the same."""
    found = evidence()
    again = [(replace(record, offset=record.offset + 100), belief) for record, belief in found.beliefs[-4:]]
    assert broken(replace(found, beliefs=[*found.beliefs, *again])) == []


def test_a_goal_with_two_contents_breaks_the_second() -> None:
    """The same revision twice on the topic is a repeat; with another difficulty it is another decision."""
    found = evidence()
    record, goal = found.goals[-1]
    other = replace(goal, data=replace(goal.data, difficulty=goal.data.difficulty + 0.5))
    assert broken(replace(found, goals=[*found.goals, (record, goal)])) == []
    only(broken(replace(found, goals=[*found.goals, (record, other)])), "I2", "two contents", "data.difficulty")


def test_a_goal_that_one_place_lacks_breaks_the_second() -> None:
    """SQL lacks the newest, or the present one is the one before it."""
    found = evidence()
    rows = found.history[ALDER[0]]
    lacking = replace(found, history={**found.history, ALDER[0]: rows[1:]})
    only(broken(lacking), "I2", "goal 3 of p-alder is on the topic and not in SQL")
    behind = replace(found, live={**found.live, ALDER[0]: rows[1]})
    only(broken(behind), "I2", "the present goal of p-alder is not the newest")


def test_a_redis_that_was_killed_may_have_forgotten_the_present_goal() -> None:
    """No present goal is a violation, but for a run in which Redis lost everything."""
    found = replace(evidence(), live={ALDER[0]: None, BIRCH[0]: None})
    only(broken(found), "I2", "p-alder has no present goal, and 3 was decided")
    assert broken(found, Injected(1.0, "kill redis")) == []


def test_a_gap_in_the_revisions_breaks_the_second() -> None:
    """The second of three goals is nowhere: what a player was told then, nobody knows."""
    found = evidence()
    goals = [each for each in found.goals if (each[1].subject, each[1].data.revision) != (ALDER[0], 2)]
    rows = {
        player: [row for row in rows if (player, row.data.revision) != (ALDER[0], 2)]
        for player, rows in found.history.items()
    }
    violations = broken(replace(found, goals=goals, history=rows))
    only(violations, "I2", "goal 2 of p-alder was never told, of 3")


def test_a_goal_that_was_not_made_breaks_the_second_where_the_belief_cannot_have_been_stale() -> None:
    """Birch's last goal is nowhere. Only a belief older than ten seconds is passed over, and one behind it tells."""
    found = evidence()
    last = found.goals[-1]
    assert last[1].subject == BIRCH[0]
    goals = found.goals[:-1]
    rows = {**found.history, BIRCH[0]: found.history[BIRCH[0]][1:]}
    without = replace(found, goals=goals, history=rows, live={**found.live, BIRCH[0]: rows[BIRCH[0]][0]})
    assert broken(without) == []  # nothing was answered behind it: perhaps nobody was there any more
    swapped = _alders_last_belief_behind(without)
    only(broken(swapped), "I2", "goal 3 of p-birch follows from a belief and was not made")


def _alders_last_belief_behind(found: Evidence) -> Evidence:
    """The same with Alder's last round told, and answered within ten seconds, behind Birch's."""
    told = [belief for _, belief in found.beliefs]
    rounds = [place for place, belief in enumerate(told) if belief.data.rounds == 2 and belief.sequence == 5]
    told[rounds[0]], told[rounds[1]] = told[rounds[1]], told[rounds[0]]
    return replace(found, beliefs=[(record, belief) for (record, _), belief in zip(found.beliefs, told, strict=True)])


def test_a_goal_that_follows_from_nothing_breaks_the_second() -> None:
    """The words are not those that the belief gives."""
    found = evidence()
    record, goal = found.goals[-1]
    other = replace(goal, data=replace(goal.data, because="Because I say so."))
    rows = {**found.history, BIRCH[0]: [other, *found.history[BIRCH[0]][1:]]}
    wrong = replace(
        found, goals=[*found.goals[:-1], (record, other)], history=rows, live={**found.live, BIRCH[0]: other}
    )
    only(broken(wrong), "I2", "goal 3 of p-birch does not follow from the beliefs: data.because")


def test_events_in_disorder_break_the_third_unless_they_were_shuffled() -> None:
    """Alder's second event lies behind the third; the workers make it whole, but the log is not in order."""
    values = [(each.subject, encode(each)) for each in played()]
    values[2], values[4] = values[4], values[2]
    found = evidence(lain(values))
    only([each for each in broken(found) if "event" in each.sentence], "I3", "event 2 of s-alder is behind event 3")
    assert broken(found, plan=Plan(fault="duplicates", seed=1, mangling=Mangling(shuffled_in=64))) == []


def test_what_was_refused_is_not_in_disorder() -> None:
    """A message whose number was spoiled on its way lies behind a higher one, and is no event."""
    spoiled = encode(played()[0]).replace(b'"sequence":1', b'"sequence":-1')
    assert broken(evidence(lain([*((each.subject, encode(each)) for each in played()), (ALDER[0], spoiled)]))) == []


def test_repeats_are_not_disorder() -> None:
    """The first two events again, at the end: counted as repeats, and no promise is broken."""
    records = lain([*((each.subject, encode(each)) for each in (*played(), *played()[:2]))])
    found = evidence(records)
    assert broken(found) == []
    assert check(PLAN, history(found), found).repeated == 2


def test_a_goal_behind_a_newer_one_breaks_the_third_unless_api_and_redis_were_both_hurt() -> None:
    """Alder's first two goals changed places on the topic."""
    found = evidence()
    goals = list(found.goals)
    places = [place for place, (_, goal) in enumerate(goals) if goal.subject == ALDER[0]]
    goals[places[0]], goals[places[1]] = goals[places[1]], goals[places[0]]
    moved = replace(found, goals=goals)
    only(broken(moved), "I3", "goal 1 of p-alder is behind goal 2")
    both = Plan(fault="storm", seed=1, steps=(Step(1.0, "kill", "api"), Step(1.0, "kill", "redis")))
    assert broken(moved, plan=both) == []


def test_a_strangers_name_or_session_in_a_frame_breaks_the_fourth() -> None:
    """Alder's reader was told Birch's session in the middle of a sentence."""
    leak = Frame(1.0, 0, '{"because":"s-birch is faster"}')
    only(broken(evidence(), leak), "I4", "reader 0 was told s-birch, of p-birch")


def test_a_refusal_that_is_not_kept_breaks_the_fifth() -> None:
    """Thirteen messages came in, twelve were accepted, and nothing is said of the last."""
    violations = broken(replace(evidence(), failed=[]))
    only(violations, "I5", "13 messages came in", "12 accepted + 0 repeated + 0 failed")
    assert "player-events-0-12-0 was refused (not_json) and is not kept" in violations[1].sentence


def test_a_refusal_is_kept_once_by_its_id_and_with_its_bytes() -> None:
    """Written twice it is one; with other bytes it is another message."""
    found = evidence()
    assert broken(replace(found, failed=[*found.failed, *found.failed])) == []
    wrong = replace(found.failed[0], data=replace(found.failed[0].data, original=b"{half"))
    only(broken(replace(found, failed=[wrong])), "I5", "player-events-0-12-0", "original is b'{half'")


def test_a_game_that_waits_or_gives_up_events_breaks_the_sixth() -> None:
    """A second for one event is a wait; and strokes alone may be given up, from half of the room on."""
    only(broken(replace(evidence(), longest_emit_s=0.999)), "I6", "0.999 s")
    only(broken(replace(evidence(), lost=2)), "I6", "2 events that are no strokes")
    only(broken(replace(evidence(), dropped=2, held_share=0.3)), "I6", "2 strokes were given up", "than 30%")


def test_what_does_not_end_breaks_the_seventh() -> None:
    """Not settled in time, or felt for more than a minute."""
    only(broken(replace(evidence(), unsettled="a part was not well")), "I7", "a part was not well")
    only(broken(replace(evidence(), recovered_s=61.0)), "I7", "worker-killed was felt for 61.0 s")


def test_what_grows_with_every_event_breaks_the_eighth() -> None:
    """A worker that grew by 200 MB over thirteen events, a heap beyond its bound, a home, and a spool that is left."""
    found = evidence()
    only(broken(replace(found, parts={"worker": Process(280.0, 80.0)})), "I8", "worker grew by 200 MB over 13 events")
    only(broken(replace(found, parts={"kafka": Process(1_300.0, 600.0)})), "I8", "kafka used 1300 MB")
    only(broken(replace(found, disk_mb=400.0)), "I8", "the home grew by 400 MB")
    only(broken(replace(found, spool_left=12)), "I8", "12 bytes are left in the spool")


def test_many_of_a_kind_are_counted_and_not_told() -> None:
    """Seven refusals that nobody made: five are named, and two more are counted."""
    found = evidence()
    strangers = [replace(found.failed[0], id=f"nobody-{n}") for n in range(7)]
    sentences = [each.sentence for each in broken(replace(found, failed=[*found.failed, *strangers]))]
    assert sentences[-1] == "... and 2 more of this kind"
    assert len(sentences) == 1 + 5 + 1


def test_a_history_without_anything_breaks_nothing() -> None:
    """Nobody saw anything, and there was nothing to see."""
    nothing = Evidence(log=[], state={}, failed=[], beliefs=[], goals=[], history={}, live={}, players=frozenset())
    assert broken(nothing, seen=History()) == []


def test_a_stroke_is_an_event_like_any_other() -> None:
    """The hand-made run ends with one, so that beliefs which can wait are among those that are checked."""
    assert isinstance(played()[-1].data, StrokeMade)
    assert timedelta(0) < played()[-1].time - played()[0].time
    assert len(log()) == 13
