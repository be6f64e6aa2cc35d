"""What the containers may do, read off the compose file: quick, and true on a machine without a Docker engine.

Whether they then run is the question of `make compose-test`.
"""

import re
from typing import Any, Final

import pytest
import yaml

from infra.local.secret import FILE
from tests.house.tree import text

COMPOSE: Final[dict[str, Any]] = yaml.safe_load(text("docker-compose.yml"))
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
RUN_ONCE: Final = {"keys", "topics", "tables", "bots", "load"}
EACH: Final = pytest.mark.parametrize("name", SERVICES)


@EACH
def test_a_container_has_nothing_it_need_not_have(name: str) -> None:
    """A read-only disk, no capability, no way to gain one, a limit of memory."""
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "mem_limit" in service


@EACH
def test_a_port_is_published_on_this_machine_alone(name: str) -> None:
    """Nobody else's machine can reach a game's broker with a default configuration."""
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@EACH
def test_an_image_has_a_version(name: str) -> None:
    """Ours is built here; others' are named with a version, and never with the newest."""
    image = SERVICES[name]["image"]
    assert image == "whitewater" or re.fullmatch(r"[\w/]+:\d[\w.]*", image)


@EACH
def test_whoever_stays_up_can_be_asked_how_it_is(name: str) -> None:
    """A health check for everything but what runs once."""
    assert (name in RUN_ONCE) != ("healthcheck" in SERVICES[name])


def test_nobody_waits_on_a_start_instead_of_on_health() -> None:
    """Whoever depends on something waits until it is healthy, or done."""
    conditions = [
        needed["condition"] for service in SERVICES.values() for needed in service.get("depends_on", {}).values()
    ]
    assert set(conditions) == {"service_healthy", "service_completed_successfully"}


def test_the_stores_have_no_way_out() -> None:
    """Redis and PostgreSQL are on the internal network alone."""
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["redis"]["networks"] == SERVICES["postgres"]["networks"] == ["inside"]


def test_only_one_container_writes_the_keys_and_only_the_api_reads_them() -> None:
    """Made by a container with no network, before any API starts; everybody else has no way to them."""
    mounted = {name: service["volumes"] for name, service in SERVICES.items() if "keys:" in str(service.get("volumes"))}
    assert mounted == {"keys": ["keys:/keys"], "api": ["keys:/keys:ro"], "more-api": ["keys:/keys:ro"]}
    assert SERVICES["keys"]["network_mode"] == "none"
    for name in ("api", "more-api"):
        assert SERVICES[name]["environment"]["WHITEWATER_TOKEN_KEYS"] == f"@/keys/{FILE}"
        assert SERVICES[name]["depends_on"]["keys"] == {"condition": "service_completed_successfully"}


def test_the_image_is_not_roots() -> None:
    """The last word about who runs in it is a user without a shell; the keys' folder is that user's alone."""
    words = text("infra/Dockerfile")
    assert [line for line in words.splitlines() if line.startswith("USER")] == ["USER paddler"]
    assert "install --directory --owner paddler --mode 0700 /keys" in words


def test_an_open_api_is_published_on_this_machine_alone() -> None:
    """Open is what the compose file says, not what the API does by itself on that address."""
    for name in ("api", "more-api"):
        environment = SERVICES[name]["environment"]
        assert (environment["WHITEWATER_API_HOST"], environment["WHITEWATER_ACCESS"]) == (
            "0.0.0.0",  # noqa: S104 - of the container
            "${WHITEWATER_ACCESS:-open}",
        )
        assert all(port.startswith("127.0.0.1:") for port in SERVICES[name]["ports"])


def test_a_plain_up_starts_the_loop_and_nothing_besides() -> None:
    """A crowd, a load run, and more of the same have to be asked for by their profile."""
    asked_for = {name: service["profiles"] for name, service in SERVICES.items() if "profiles" in service}
    assert asked_for == {"bots": ["bots"], "load": ["load"], "more-workers": ["scale"], "more-api": ["scale"]}


def test_what_comes_by_a_profile_is_more_of_the_same() -> None:
    """A further worker differs in its profile alone, a further API in its port besides."""
    assert SERVICES["more-workers"] == SERVICES["worker"] | {"profiles": ["scale"]}
    ported = {"profiles", "ports", "environment", "healthcheck"}
    assert {name for name in SERVICES["more-api"] if SERVICES["more-api"][name] != SERVICES["api"].get(name)} == ported


def test_what_the_image_leaves_behind_was_in_the_lock() -> None:
    """The packages taken out again are packages that were installed."""
    removed = {
        name
        for line in re.findall(r"pip uninstall --quiet --yes ([\w \-]+)", text("infra/Dockerfile"))
        for name in line.split()
    }
    locked = set(re.findall(r"^([\w-]+)==", text("requirements.lock"), re.MULTILINE))
    assert removed - {"pip"} <= locked
    assert "--require-hashes" in text("infra/Dockerfile")


def test_the_image_is_made_of_what_is_named() -> None:
    """Everything is kept out of the build but the rooms and what installs them."""
    lines = text("infra/Dockerfile.dockerignore").splitlines()
    assert lines[1] == "*"
    assert {line for line in lines if line.startswith("!")} >= {"!requirements.lock", "!pyproject.toml", "!contract"}
