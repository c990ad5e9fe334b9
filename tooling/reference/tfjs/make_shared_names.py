"""Networks of Keras 3 whose nested models share the names of layers, for the tests of @hybridcam/tfjs: topology, weights, output.

Keras names the weights of a functional model without the model and those of a Sequential with it, so files hold names twice.

    python3 -m venv venv-keras && venv-keras/bin/pip install keras==3.15.1 torch h5py
    KERAS_BACKEND=torch venv-keras/bin/python tooling/reference/tfjs/make_shared_names.py
"""

import json
import os
import pathlib
import re
import tempfile

import h5py
import keras
import numpy as np

OUT = pathlib.Path(__file__).resolve().parents[3] / "packages/tfjs/test/fixtures/keras-3-shared-names.json"
SIZE = (4, 5, 4)
L = keras.layers
rng = np.random.default_rng(6)


def layers(bias: bool = True) -> list[keras.Layer]:
    return [L.Conv2D(4, 3, padding="same", use_bias=bias, name="conv"), L.BatchNormalization(name="norm")]


def functional(name: str, *stack: keras.Layer) -> keras.Model:
    image = keras.Input(SIZE)
    x = image
    for layer in stack:
        x = layer(x)
    return keras.Model(image, x, name=name)


def sequential(name: str, *stack: keras.Layer) -> keras.Model:
    return keras.Sequential([keras.Input(SIZE), *stack], name=name)


def branches() -> keras.Model:
    image = keras.Input(SIZE)
    second, first = functional("b", *layers()), functional("a", *layers())
    x = L.Conv2D(4, 1, name="conv")(image)
    return keras.Model(image, L.Concatenate(name="both")([second(x), first(second(x))]))


def frozen() -> keras.Model:
    first = functional("a", *layers())
    first.trainable = False
    return functional("network", first, functional("b", *layers()))


def shared() -> keras.Model:
    conv = L.Conv2D(4, 3, padding="same", name="conv")
    return functional("network", functional("a", conv), functional("b", conv))


def shared_within() -> keras.Model:
    conv = L.Conv2D(4, 3, padding="same", name="conv")
    return functional("network", functional("outer", functional("a", conv), functional("b", conv)))


CASES = {
    "functional": lambda: functional("network", functional("a", *layers()), functional("b", *layers())),
    "sequential": lambda: functional("network", sequential("a", *layers()), sequential("b", *layers())),
    "sequential in a sequential": lambda: sequential("network", sequential("a", *layers()), sequential("b", *layers())),
    "one of each, and at the top": lambda: functional("network", *layers(), functional("b", *layers()), sequential("a", *layers())),
    "two deep": lambda: functional("network", functional("outer", sequential("a", *layers()), functional("b", *layers())), *layers()),
    "same models in two": lambda: functional(
        "network", functional("x", sequential("a", *layers())), functional("y", sequential("a", *layers()))
    ),
    "one without bias": lambda: functional("network", functional("a", *layers(bias=False)), functional("b", *layers())),
    "one depthwise": lambda: functional(
        "network", functional("a", L.DepthwiseConv2D(3, padding="same", name="conv")), functional("b", *layers())
    ),
    "one without weights": lambda: functional(
        "network", functional("a", L.ReLU(name="conv"), L.PReLU(name="norm")), functional("b", *layers())
    ),
    "branches, one model twice": branches,
    "one frozen": frozen,
    "one layer in two models": shared,
    "one layer in two models of a model": shared_within,
}


def fill(model: keras.Model) -> None:
    model.set_weights(
        [rng.uniform(0.7, 1.3, w.shape) if w.name in ("gamma", "moving_variance") else rng.normal(0, 0.25, w.shape) for w in model.weights]
    )


def saved(model: keras.Model) -> tuple[dict, list[tuple[str, np.ndarray]]]:
    """modelTopology and the named weights, out of the file that `model.save` writes."""
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "model.h5")
        model.save(file)
        with h5py.File(file) as h5:
            topology = {"keras_version": h5.attrs["keras_version"], "model_config": json.loads(h5.attrs["model_config"])}
            groups = [h5["model_weights"][name] for name in h5["model_weights"].attrs["layer_names"]]
            return topology, [(name, group[name][()]) for group in groups for name in group.attrs["weight_names"]]


x = np.round(1.3 * np.sin(1 + 12.9898 * np.arange(np.prod(SIZE))), 4).astype(np.float32).reshape(1, *SIZE)
record = {"input": x.ravel().tolist(), "shape": [1, *SIZE], "cases": {}}
for title, make in CASES.items():
    keras.backend.clear_session()
    model = make()
    fill(model)
    topology, weights = saved(model)
    y = keras.ops.convert_to_numpy(model(x, training=False))
    record["cases"][title] = {
        "topology": topology,
        "weights": [{"name": name, "shape": list(value.shape), "values": value.ravel().astype(float).tolist()} for name, value in weights],
        "output": {"shape": list(y.shape), "values": y.ravel().astype(float).tolist()},
    }
text = re.sub(r"-?\d+\.\d+(?:e-?\d+)?", lambda match: f"{float(match.group()):.7g}", json.dumps(record, separators=(",", ":")))
OUT.write_text(text)
print(len(record["cases"]), "networks,", len(text), "bytes")
for title, case in record["cases"].items():
    print(title, [w["name"] for w in case["weights"]])
