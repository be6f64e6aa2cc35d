"""Where the engagement API is: what `--server` says, else the environment, else the local stack."""

import httpx

from infra.local import stack
from whitewater.manners import USAGE, FailedError
from whitewater.settings import home, settings

ASK_S = 5.0


def find(asked: str | None) -> str:
    """The API's address.

    Raises `FailedError` when nothing says where one is.
    """
    if address := asked or settings().server:
        return address.rstrip("/")
    running = stack.read(home())
    if running is None:
        sentence = f"No stack runs in {home()}: start it with `whitewater up`, or say `--server URL`."
        raise FailedError(sentence)
    return running.api


def target(asked: str | None, *, own: bool) -> str:
    """The API's address, for whoever puts load on it: the stack that runs here, or one that is said to be one's `own`.

    Raises `FailedError`.
    """
    address = find(asked)
    here = stack.read(home())
    if own or (here is not None and here.api == address):
        return address
    sentence = f"{address} is not the stack that runs here: say --i-own-this-target if it is yours to load."
    raise FailedError(sentence, USAGE)


def ask(address: str, path: str) -> bytes:
    """What the API answers to GET `path`.

    Raises `FailedError` when it does not answer, or not well.
    """
    try:
        with httpx.Client(timeout=ASK_S, trust_env=False) as client:
            return client.get(address + path).raise_for_status().content
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise _silent(address, path, fault) from fault


def tell(address: str, path: str, body: bytes) -> bytes:
    """What the API answers to PUT `path` with a JSON body.

    Raises `FailedError` with the API's own sentence when it refuses, and with ours when it does not answer.
    """
    try:
        with httpx.Client(timeout=ASK_S, trust_env=False) as client:
            answer = client.put(address + path, content=body, headers={"Content-Type": "application/json"})
        if answer.status_code == httpx.codes.BAD_REQUEST:
            raise FailedError(answer.json()["detail"], USAGE)
        return answer.raise_for_status().content
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise _silent(address, path, fault) from fault


def _silent(address: str, path: str, fault: Exception) -> FailedError:
    return FailedError(
        f"The server {address} did not answer {path} ({type(fault).__name__}): is it up, and is that its address?"
    )
