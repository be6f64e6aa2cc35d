"""What `kubectl kustomize` would make of a folder, as far as our folders go: which files, patched how.

Only what we use is known: resources, JSON patches with a target, and generators by their names. Anything else is
refused, so that nothing of a folder goes unchecked because this reader does not know it. Labels, namespace and image
are left out: they change no field that a schema or a test here asks about.
"""

import copy
import re
from pathlib import Path
from typing import Any, Final

import yaml
from msgspec import Struct

KNOWN: Final = {
    "apiVersion", "kind", "resources", "patches", "labels", "namespace", "images", "configMapGenerator",
    "secretGenerator",
}  # fmt: skip
Manifest = dict[str, Any]


class BrokenError(Exception):
    """A kustomization refers to something that is not there; the text says what and where."""


class Built(Struct):
    """A folder's manifests, and what it generates."""

    manifests: list[Manifest]
    settings: dict[str, dict[str, str]]
    """The literals of each config map, by its name."""
    secrets: set[str]


def read(path: Path) -> list[Manifest]:
    """Every document of one file."""
    return [document for document in yaml.load_all(path.read_text(), yaml.CSafeLoader) if document is not None]


def build(folder: Path) -> Built:
    """Everything that `folder` stands for. Raises `BrokenError`."""
    path = folder / "kustomization.yaml"
    if not path.is_file():
        text = f"{folder} has no kustomization.yaml"
        raise BrokenError(text)
    (words,) = read(path)
    if unknown := words.keys() - KNOWN:
        text = f"{path}: {', '.join(sorted(unknown))} is not understood here"
        raise BrokenError(text)
    built = Built([], {}, set())
    for name in words["resources"]:
        _take(folder / name, built)
    for patch in words.get("patches", []):
        _patch(path, patch, built.manifests)
    for generator in words.get("configMapGenerator", []):
        if (generator["name"] in built.settings) != (generator.get("behavior") == "merge"):
            text = f"{path}: the config map {generator['name']} is merged into nothing, or made twice"
            raise BrokenError(text)
        pairs = dict(literal.split("=", 1) for literal in generator["literals"])
        built.settings.setdefault(generator["name"], {}).update(pairs)
    built.secrets |= {generator["name"] for generator in words.get("secretGenerator", [])}
    return built


def _take(path: Path, built: Built) -> None:
    if path.is_dir():
        inner = build(path.resolve())
        built.manifests += inner.manifests
        built.settings |= inner.settings
        built.secrets |= inner.secrets
    elif path.is_file():
        built.manifests += copy.deepcopy(read(path))
    else:
        text = f"{path} is not there"
        raise BrokenError(text)


def _patch(where: Path, patch: Manifest, manifests: list[Manifest]) -> None:
    path, target = where.parent / patch["path"], patch["target"]
    if not path.is_file():
        text = f"{where}: the patch {path} is not there"
        raise BrokenError(text)
    name = re.compile(target.get("name", ".*"))
    hit = [each for each in manifests if each["kind"] == target["kind"] and name.fullmatch(each["metadata"]["name"])]
    if not hit:
        text = f"{where}: the patch {path.name} meets no {target['kind']}"
        raise BrokenError(text)
    (steps,) = read(path)
    for manifest in hit:
        for step in steps:
            _do(path, step, manifest)


def _do(patch: Path, step: Manifest, manifest: Manifest) -> None:
    *way, last = step["path"].removeprefix("/").split("/")
    place: Any = manifest
    try:
        for word in way:
            place = place[int(word) if isinstance(place, list) else word]
        if isinstance(place, list):
            place.insert(len(place) if last == "-" else int(last), step["value"])
        elif step["op"] == "add":
            place[last] = step["value"]
        else:
            _ = place[last]
            place[last] = step["value"]
    except (KeyError, IndexError, TypeError, ValueError) as fault:
        text = f"{patch}: {manifest['kind']} {manifest['metadata']['name']} has no {step['path']}"
        raise BrokenError(text) from fault
