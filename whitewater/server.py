"""Where the engagement API is: what `--server` says, else the environment, else the local stack."""

import httpx

from infra.local import stack
from whitewater.manners import USAGE, FailedError
from whitewater.settings import home, settings
from whitewater.token import Signed

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


def elsewhere(asked: str | None, *, own: bool) -> str | None:
    """The address of a target that is not the stack of this home; None where it is, or where nothing names one.

    For whoever puts load on it: raises `FailedError` for one that nobody said to `own`.
    """
    address = (asked or settings().server).rstrip("/")
    running = stack.read(home())
    if not address or (running is not None and running.api == address):
        return None
    if own:
        return address
    sentence = (
        f"{address} is not this machine's own stack: to load a target that is yours, add --i-own-this-target, "
        "or leave out --server (and WHITEWATER_SERVER)."
    )
    raise FailedError(sentence, USAGE)


def target(asked: str | None, *, own: bool) -> str:
    """The API's address, by the same rule. Raises `FailedError` where nothing runs here and nothing is named, too."""
    return elsewhere(asked, own=own) or find(asked)


def ask(address: str, path: str) -> bytes:
    """What the API answers to GET `path`.

    Raises `FailedError` when it does not answer, or not well.
    """
    try:
        with httpx.Client(timeout=ASK_S, trust_env=False, auth=Signed(address)) as client:
            return client.get(address + path).raise_for_status().content
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise _silent(address, path, fault) from fault


def tell(address: str, path: str, body: bytes) -> bytes:
    """What the API answers to PUT `path` with a JSON body.

    Raises `FailedError` with the API's own sentence when it refuses, and with ours when it does not answer.
    """
    try:
        with httpx.Client(timeout=ASK_S, trust_env=False, auth=Signed(address)) as client:
            answer = client.put(address + path, content=body, headers={"Content-Type": "application/json"})
        if answer.status_code == httpx.codes.BAD_REQUEST:
            raise FailedError(answer.json()["detail"], USAGE)
        return answer.raise_for_status().content
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise _silent(address, path, fault) from fault


def _silent(address: str, path: str, fault: Exception) -> FailedError:
    if isinstance(fault, httpx.HTTPStatusError) and fault.response.status_code == httpx.codes.UNAUTHORIZED:
        return FailedError(f"The server {address} is closed: set WHITEWATER_TOKEN_KEYS to its keys.", USAGE)
    return FailedError(
        f"The server {address} did not answer {path} ({type(fault).__name__}): is it up, and is that its address?"
    )
