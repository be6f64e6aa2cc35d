"""The HTTP side of a trial: how the running one stands, and starting or stopping one."""

from typing import Any, Final, get_args

import msgspec
from litestar import Request, get, put
from litestar.datastructures import State
from litestar.exceptions import ClientException

from engagement_api.scoreboard import Experiment
from engagement_api.trial import PolicyName, Trial
from engagement_api.trials import FlawedTrialError, Trials

BODY_BYTES: Final = 4096
"""Sixteen arms with the longest names fit."""
_trial = msgspec.json.Decoder(Trial | None)


@get("/v1/experiment")
async def experiment(state: State) -> Experiment:
    """The running trial, and for each arm players, rounds, lift with its interval and the always-valid p."""
    return await _trials(state).experiment()


@put("/v1/experiment", request_max_body_size=BODY_BYTES)
async def run_this(request: Request[Any, Any, State], state: State) -> Experiment:
    """Start the trial in the body, or stop the running one (`null`); every process follows within two seconds."""
    try:
        await _trials(state).run_this(_trial.decode(await request.body()))
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise ClientException(detail=f"This is no trial: {fault}. {_HOW}") from fault
    except FlawedTrialError as fault:
        raise ClientException(detail=str(fault)) from fault
    return await _trials(state).experiment()


def _trials(state: State) -> Trials:
    trials: Trials = state.parts.trials
    return trials


_HOW: Final = (
    'It looks like {"name": "spring", "burn_in": 0, "arms": [{"name": "a", "policy": "P0", "share": 0.5}, ...]}, '
    f"the policies are {', '.join(get_args(PolicyName))}, and null stops the running one."
)
