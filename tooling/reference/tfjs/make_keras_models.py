"""What Keras 3 writes and computes, for the tests of @hybridcam/tfjs.

`keras-3/`: a network of everyday layers with random weights, as model.json + weights.bin, and what Keras says about one image.
`keras-3-layers.json`: one layer at a time with every option that could be read differently: its configuration, weights, and output.

The configuration and the weights' names are those of the .h5 file that Keras saves, which is what tensorflowjs_converter passes on.

    python3 -m venv venv-tf && venv-tf/bin/pip install tensorflow-cpu==2.21.0 keras==3.15.1
    venv-tf/bin/python tooling/reference/tfjs/make_keras_models.py
"""

import json
import os
import pathlib
import re
import tempfile

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import h5py
import keras
import numpy as np
import tensorflow as tf

OUT = pathlib.Path(__file__).resolve().parents[3] / "packages/tfjs/test/fixtures"
L = keras.layers
rng = np.random.default_rng(5)


def fill(model: keras.Model) -> None:
    values = []
    for weight in model.weights:
        shape = tuple(weight.shape)
        if weight.name in ("gamma", "moving_variance"):
            values.append(rng.uniform(0.7, 1.3, shape))
        elif len(shape) == 1:
            values.append(rng.uniform(-0.3, 0.3, shape))
        else:
            values.append(rng.normal(0, np.sqrt(1.5 / max(1, np.prod(shape[:-1]))), shape))
    # Seven digits, so that the numbers in JSON are the numbers that were computed with.
    model.set_weights([np.array([float(f"{v:.7g}") for v in value.ravel()], np.float32).reshape(value.shape) for value in values])


def saved(model: keras.Model) -> tuple[dict, list[tuple[str, np.ndarray]]]:
    """modelTopology and the named weights, out of the file that `model.save` writes."""
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "model.h5")
        model.save(file)
        with h5py.File(file) as h5:
            topology = {
                "keras_version": h5.attrs["keras_version"],
                "backend": h5.attrs["backend"],
                "model_config": json.loads(h5.attrs["model_config"]),
            }
            groups = [h5["model_weights"][name] for name in h5["model_weights"].attrs["layer_names"]]
            return topology, [(name, group[name][()]) for group in groups for name in group.attrs["weight_names"]]


def shorten(text: str) -> str:
    """Seven digits: float32."""
    return re.sub(r"-?\d+\.\d+(?:e-?\d+)?", lambda match: f"{float(match.group()):.7g}", text)


def network() -> keras.Model:
    regular = keras.regularizers.L2(1e-4)
    inner = keras.Sequential(
        [
            keras.Input((8, 8, 6)),
            L.Conv2D(6, 3, padding="same", name="inner_conv", dtype=keras.DTypePolicy("float32")),
            L.BatchNormalization(name="inner_bn"),
        ],
        name="inner",
    )
    branch_in = keras.Input((8, 8, 6))
    branch = keras.Model(branch_in, L.ReLU(6.0, name="branch_relu")(L.DepthwiseConv2D(3, padding="same", name="branch_dw")(branch_in)), name="branch")
    shared = L.Conv2D(6, 1, name="shared", kernel_constraint=keras.constraints.MaxNorm(2.0))

    image = keras.Input((16, 16, 3), name="image")
    x = L.Rescaling(2.0, offset=-1.0, name="rescale")(image)
    x = L.ZeroPadding2D(((0, 1), (0, 1)), name="pad")(x)
    x = L.Conv2D(6, 3, strides=2, activation="silu", name="stem", kernel_regularizer=regular)(x)
    x = L.BatchNormalization(name="stem_bn", epsilon=1e-4)(x, training=False)
    y = inner(x)
    y = L.LeakyReLU(0.1, name="leaky")(y)
    z = branch(y)
    x = x + shared(shared(z))  # an operation, not a layer
    x = L.SeparableConv2D(8, 3, padding="same", depth_multiplier=2, name="separable")(x)
    x = L.PReLU(shared_axes=[1, 2], name="prelu")(x)
    g = L.GlobalAveragePooling2D(name="squeeze")(x)
    g = L.Dense(8, activation="sigmoid", name="excite")(g)
    x = L.Multiply(name="scaled")([x, L.Reshape((1, 1, 8), name="gate")(g)])
    x = L.MaxPooling2D(2, name="shrink")(x)
    x = L.LayerNormalization(name="norm")(x)
    x = L.Concatenate(name="both")([x, L.AveragePooling2D(3, 1, padding="same", name="pool")(x)])
    x = L.Conv2D(10, 3, activation="relu", name="top")(x)
    x = L.GlobalAveragePooling2D(name="mean")(x)
    x = L.Dropout(0.2, name="drop")(x)
    x = L.Dense(4, activation="softmax", name="scores")(x)
    return keras.Model(image, x, name="network")


def write_network() -> None:
    model = network()
    fill(model)
    topology, weights = saved(model)
    folder = OUT / "keras-3"
    folder.mkdir(parents=True, exist_ok=True)
    manifest = [{"name": name, "shape": list(value.shape), "dtype": "float32"} for name, value in weights]
    described = {
        "format": "layers-model",
        "generatedBy": f"keras v{keras.__version__}",
        "convertedBy": "make_keras_models.py",
        "modelTopology": topology,
        "weightsManifest": [{"paths": ["weights.bin"], "weights": manifest}],
    }
    (folder / "model.json").write_text(json.dumps(described, separators=(",", ":")))
    (folder / "weights.bin").write_bytes(b"".join(value.astype("<f4").tobytes() for _, value in weights))

    count = 16 * 16 * 3
    image = (0.5 + 0.5 * np.sin(np.arange(count, dtype=np.float64) * 0.37)).astype(np.float32).reshape(1, 16, 16, 3)
    head = model.get_layer("scores")
    head.activation = keras.activations.linear
    names = ["inner", "both"]
    probe = keras.Model(model.input, [model.get_layer(name).output for name in names] + [model.output])
    # From a tensor to the scores: the layers behind it, called by hand.
    values = probe(image)
    record = {"image": image.ravel().tolist(), "logits": values[-1].numpy().ravel().tolist()}
    cotangent = np.array([[1.0, -0.5, 0.25, 2.0]], np.float32)
    record["cotangent"] = cotangent.ravel().tolist()
    with tf.GradientTape() as tape:
        both = tf.constant(values[1])
        tape.watch(both)
        y = model.get_layer("top")(both)
        score = tf.reduce_sum(head(model.get_layer("mean")(y)) * cotangent)
    gradients = {"both": tape.gradient(score, both)}
    stem = model.get_layer("stem_bn")
    x0 = keras.Model(model.input, stem.output)(image)
    with tf.GradientTape() as tape:
        y = tf.constant(values[0])
        tape.watch(y)
        z = model.get_layer("branch")(model.get_layer("leaky")(y))
        x = x0 + model.get_layer("shared")(model.get_layer("shared")(z))
        x = model.get_layer("prelu")(model.get_layer("separable")(x))
        g = model.get_layer("gate")(model.get_layer("excite")(model.get_layer("squeeze")(x)))
        x = model.get_layer("norm")(model.get_layer("shrink")(x * g))
        x = model.get_layer("top")(tf.concat([x, model.get_layer("pool")(x)], -1))
        score = tf.reduce_sum(head(model.get_layer("mean")(x)) * cotangent)
    gradients["inner"] = tape.gradient(score, y)
    for name, value in zip(names, values):
        first = lambda tensor: np.transpose(np.asarray(tensor), (0, 3, 1, 2)).ravel().astype(float).tolist()
        record[name] = {"activations": first(value), "gradients": first(gradients[name])}
    (OUT / "keras-3-truth.json").write_text(shorten(json.dumps(record, separators=(",", ":"))))
    print("network", len(weights), "weights; logits", record["logits"])


def cases() -> dict:
    """By title: the layer, or a function of the input."""
    made = {
        "conv": L.Conv2D(3, 3),
        "conv same strided": L.Conv2D(3, 3, strides=2, padding="same"),
        "conv dilated": L.Conv2D(3, 2, dilation_rate=2, padding="same"),
        "conv groups": L.Conv2D(4, 3, groups=2),
        "conv without bias": L.Conv2D(3, (3, 2), use_bias=False),
        "depthwise": L.DepthwiseConv2D(3),
        "depthwise multiplier": L.DepthwiseConv2D(3, depth_multiplier=2, padding="same", activation="relu"),
        "separable": L.SeparableConv2D(3, 3, padding="same"),
        "separable dilated": L.SeparableConv2D(3, 2, dilation_rate=2, padding="same"),
        "transposed conv same": L.Conv2DTranspose(3, 3, strides=2, padding="same"),
        "transposed conv valid": L.Conv2DTranspose(3, 3, strides=2),
        "transposed conv output padding": L.Conv2DTranspose(3, 3, strides=2, output_padding=1),
        "batch norm": L.BatchNormalization(),
        "batch norm without scale": L.BatchNormalization(scale=False, epsilon=1e-5),
        "batch norm without center": L.BatchNormalization(center=False),
        "layer norm": L.LayerNormalization(),
        "layer norm rms": L.LayerNormalization(rms_scaling=True),
        "average pool same": L.AveragePooling2D(3, 2, padding="same"),
        "average pool valid": L.AveragePooling2D((2, 3)),
        "max pool same": L.MaxPooling2D(3, 2, padding="same"),
        "global average pool": L.GlobalAveragePooling2D(),
        "global average pool keeping axes": L.GlobalAveragePooling2D(keepdims=True),
        "global max pool": L.GlobalMaxPooling2D(),
        "global max pool keeping axes": L.GlobalMaxPooling2D(keepdims=True),
        "relu": L.ReLU(),
        "relu up to 0.5": L.ReLU(0.5),
        "relu with slope": L.ReLU(negative_slope=0.2),
        "relu with threshold": L.ReLU(threshold=0.3),
        "leaky relu": L.LeakyReLU(0.15),
        "leaky relu default": L.LeakyReLU(),
        "prelu": L.PReLU(),
        "prelu shared": L.PReLU(shared_axes=[1, 2]),
        "elu": L.ELU(),
        "elu 0.5": L.ELU(0.5),
        "softmax": L.Softmax(),
        "zero padding": L.ZeroPadding2D(((1, 2), (0, 3))),
        "cropping": L.Cropping2D(((1, 0), (1, 2))),
        "up-sampling nearest": L.UpSampling2D((2, 3)),
        "up-sampling bilinear": L.UpSampling2D(2, interpolation="bilinear"),
        "resizing bilinear": L.Resizing(7, 3),
        "resizing nearest": L.Resizing(7, 3, interpolation="nearest"),
        "centre crop": L.CenterCrop(2, 4),
        "rescaling": L.Rescaling(1 / 127.5, offset=-1.0),
        "flatten": L.Flatten(),
        "reshape": L.Reshape((10, 8)),
        "permute": L.Permute((3, 1, 2)),
        "dense": L.Dense(3, activation="relu"),
        "dropout": L.Dropout(0.5),
        "spatial dropout": L.SpatialDropout2D(0.5),
        "gaussian noise": L.GaussianNoise(1.0),
        "add": lambda x: L.Add()([x, L.ReLU()(x)]),
        "subtract": lambda x: L.Subtract()([x, L.ReLU()(x)]),
        "multiply": lambda x: L.Multiply()([x, L.ReLU()(x)]),
        "average": lambda x: L.Average()([x, L.ReLU()(x)]),
        "maximum": lambda x: L.Maximum()([x, L.Dropout(0.1)(x)]),
        "concatenate": lambda x: L.Concatenate(axis=2)([x, L.ReLU()(x)]),
        "operation plus": lambda x: x + L.ReLU()(x),
        "operation times number": lambda x: x * 0.5,
        "operation on other ranks": lambda x: x * L.GlobalAveragePooling2D()(L.Permute((3, 2, 1))(x)),
        "normalization": L.Normalization(mean=0.3, variance=2.0),
        "group norm": L.GroupNormalization(2),
    }
    names = ["relu", "relu6", "sigmoid", "tanh", "elu", "selu", "softplus", "softsign", "silu", "swish", "gelu", "mish"]
    names += ["hard_sigmoid", "hard_silu", "leaky_relu", "exponential", "log_softmax", "softmax", "linear"]
    made |= {f"activation {name}": L.Activation(name) for name in names}
    made |= {f"conv with {name}": L.Conv2D(3, 3, activation=name) for name in ["silu", "gelu", "hard_sigmoid"]}
    return made


def write_layers() -> None:
    size = (4, 5, 4)
    x = np.round(1.3 * np.sin(1 + 12.9898 * np.arange(np.prod(size))), 4).astype(np.float32).reshape(1, *size)
    record = {"input": x.ravel().tolist(), "shape": [1, *size], "cases": {}}
    for title, make in cases().items():
        image = keras.Input(size)
        model = keras.Model(image, make(image))
        fill(model)
        topology, weights = saved(model)
        y = model(x, training=False).numpy()
        record["cases"][title] = {
            "topology": topology,
            "weights": [{"name": name, "shape": list(value.shape), "values": value.ravel().astype(float).tolist()} for name, value in weights],
            "output": {"shape": list(y.shape), "values": y.ravel().astype(float).tolist()},
        }
    text = shorten(json.dumps(record, separators=(",", ":")))
    (OUT / "keras-3-layers.json").write_text(text)
    print(len(record["cases"]), "layers,", len(text), "bytes")


write_network()
write_layers()
