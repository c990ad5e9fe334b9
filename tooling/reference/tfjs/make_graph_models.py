"""Small graph models made by TensorFlow itself, for the tests of @hybridcam/tfjs.

Freezes a Keras network with random weights twice: as it is ("unfused": batch normalisation and activations are nodes of
their own), and with batch normalisation folded and activations fused, as the tensorflowjs converter and grappler leave it
("fused"). Writes model.json + weights.bin of the tfjs graph-model format, and what TensorFlow says about one input: logits
and the gradients of a weighted sum of them at three tensors.

    python3 -m venv venv-tf && venv-tf/bin/pip install tensorflow-cpu==2.21.0
    venv-tf/bin/python tooling/reference/tfjs/make_graph_models.py
"""

import json
import os
import pathlib
import re

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # with oneDNN grappler leaves convolutions unfused

import numpy as np
import tensorflow as tf
from google.protobuf import json_format
from tensorflow.core.protobuf import config_pb2, meta_graph_pb2
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
from tensorflow.python.grappler import tf_optimizer

OUT = pathlib.Path(__file__).resolve().parents[3] / "packages/tfjs/test/fixtures"
SIZE = 20
CLASSES = 5


class FusedNorm(tf.keras.layers.BatchNormalization):
    """Keras 3 writes a product and a sum; Keras 2 and the files that people have hold this op."""

    def call(self, inputs, training=None):
        weights = [self.gamma, self.beta, self.moving_mean, self.moving_variance]
        values = [tf.convert_to_tensor(weight) for weight in weights]
        return tf.raw_ops.FusedBatchNormV3(
            x=inputs, scale=values[0], offset=values[1], mean=values[2], variance=values[3],
            epsilon=self.epsilon, is_training=False,
        ).y


def network(folded: bool) -> tf.keras.Model:
    """folded: convolutions carry the bias and no batch normalisation follows."""
    keras = tf.keras
    L = keras.layers

    def norm(x, name):
        return x if folded else FusedNorm(name=name, epsilon=1e-3)(x)

    image = keras.Input((SIZE, SIZE, 3), name="image")
    x = L.Conv2D(8, 3, strides=2, padding="same", use_bias=folded, name="stem")(image)
    x = L.ReLU(6.0, name="stem_relu")(norm(x, "stem_bn"))
    y = L.DepthwiseConv2D(3, padding="same", use_bias=folded, name="block_dw")(x)
    y = L.ReLU(6.0, name="block_dw_relu")(norm(y, "block_dw_bn"))
    y = L.Conv2D(8, 1, use_bias=folded, name="block_project")(y)
    x = L.Add(name="block_add")([x, norm(y, "block_project_bn")])
    p = L.AveragePooling2D(3, strides=1, padding="same", name="pool")(x)
    d = L.Conv2D(6, 3, padding="same", dilation_rate=2, activation="relu", name="dilated")(x)
    x = L.Concatenate(name="mixed")([p, d])
    x = L.MaxPooling2D(3, strides=2, padding="same", name="shrink")(x)
    g = L.GlobalAveragePooling2D(keepdims=True, name="squeeze")(x)
    g = L.Conv2D(14, 1, activation="sigmoid", name="excite")(g)
    x = L.Multiply(name="scaled")([x, g])
    x = L.Conv2D(12, 3, use_bias=folded, name="top")(x)
    x = L.ReLU(name="top_relu")(norm(x, "top_bn"))
    x = L.GlobalAveragePooling2D(name="mean")(x)
    x = L.Dense(CLASSES, activation="softmax", name="scores")(x)
    return keras.Model(image, x)


def fill(model: tf.keras.Model) -> None:
    rng = np.random.default_rng(7)
    for layer in model.layers:
        values = []
        for weight in layer.weights:
            shape, name = weight.shape, weight.name
            if name in ("gamma", "moving_variance"):
                values.append(rng.uniform(0.7, 1.3, shape))
            elif len(shape) == 1:
                values.append(rng.uniform(-0.3, 0.3, shape))
            else:
                fan_in = shape[0] * shape[1] if "depthwise" in layer.name or layer.name.endswith("_dw") else np.prod(shape[:-1])
                values.append(rng.normal(0, np.sqrt(1.5 / fan_in), shape))
        if values:
            layer.set_weights(values)


def fold(source: tf.keras.Model, target: tf.keras.Model) -> None:
    """The same function without batch normalisation."""
    for layer in target.layers:
        if not layer.weights:
            continue
        values = source.get_layer(layer.name).get_weights()
        names = {other.name for other in source.layers}
        if f"{layer.name}_bn" in names:
            gamma, beta, mean, variance = source.get_layer(f"{layer.name}_bn").get_weights()
            factor = gamma / np.sqrt(variance + 1e-3)
            kernel = values[0]
            shaped = factor.reshape((1, 1, -1, 1)) if layer.name.endswith("_dw") else factor
            values = [kernel * shaped, beta - mean * factor]
        layer.set_weights(values)


def freeze(model, optimizers: list[str], size: int | None = SIZE):
    function = tf.function(lambda image: model(image, training=False)).get_concrete_function(
        tf.TensorSpec([None, size, size, 3], tf.float32, name="image")
    )
    frozen = convert_variables_to_constants_v2(function)
    graph_def = frozen.graph.as_graph_def()
    inputs, outputs = frozen.inputs, frozen.outputs
    for node in graph_def.node:
        node.device = "/device:CPU:0"  # remap fuses only what it knows to run on the CPU
    meta = tf.compat.v1.train.export_meta_graph(graph_def=graph_def, graph=frozen.graph)
    fetch = meta_graph_pb2.CollectionDef()
    fetch.node_list.value.extend([tensor.name for tensor in [*inputs, *outputs]])
    meta.collection_def["train_op"].CopyFrom(fetch)
    config = config_pb2.ConfigProto()
    config.graph_options.rewrite_options.optimizers.extend(optimizers)
    config.graph_options.rewrite_options.min_graph_nodes = -1
    return tf_optimizer.OptimizeGraph(config, meta), inputs[0].name, outputs[0].name


def fuse_depthwise(graph_def) -> None:
    """DepthwiseConv2dNative + BiasAdd + Relu6 in one node, as the tensorflowjs converter does it; grappler has no such op."""
    nodes = {node.name: node for node in graph_def.node}
    readers: dict[str, list] = {}
    for node in graph_def.node:
        for source in node.input:
            readers.setdefault(source.split(":")[0], []).append(node)
    removed = set()
    for node in list(graph_def.node):
        if node.op != "DepthwiseConv2dNative":
            continue
        bias = readers[node.name][0]
        relu = readers[bias.name][0]
        assert bias.op == "BiasAdd" and relu.op == "Relu6", (bias.op, relu.op)
        fused = tf.compat.v1.NodeDef()
        fused.CopyFrom(node)
        fused.name, fused.op = relu.name, "FusedDepthwiseConv2dNative"
        fused.input.append(bias.input[1])
        fused.attr["fused_ops"].list.s.extend([b"BiasAdd", b"Relu6"])
        fused.attr["num_args"].i = 1
        removed |= {node.name, bias.name, relu.name}
        nodes[relu.name] = fused
    kept = [node for node in graph_def.node if node.name not in removed]
    kept += [nodes[name] for name in removed if nodes[name].op == "FusedDepthwiseConv2dNative"]
    del graph_def.node[:]
    graph_def.node.extend(kept)


def write(graph_def, input_name: str, output_name: str, name: str, size: int = SIZE) -> None:
    nodes, specs, chunks = [], [], []
    for node in graph_def.node:
        if node.op == "NoOp":
            continue
        if node.op == "Const":
            array = np.ascontiguousarray(tf.make_ndarray(node.attr["value"].tensor))
            dtype = {"float32": "float32", "int32": "int32"}[array.dtype.name]
            specs.append({"name": node.name, "shape": list(array.shape), "dtype": dtype})
            chunks.append(array.tobytes())
            node.attr["value"].tensor.tensor_content = b""
            for field in ("float_val", "int_val"):
                del getattr(node.attr["value"].tensor, field)[:]
        for key in [key for key in node.attr if key.startswith("_")]:
            del node.attr[key]
        node.device = ""
        nodes.append(json_format.MessageToDict(node))

    def info(tensor_name: str, shape: list[int]) -> dict:
        dims = [{"size": str(extent)} for extent in shape]
        return {"name": tensor_name, "dtype": "DT_FLOAT", "tensorShape": {"dim": dims}}

    model = {
        "format": "graph-model",
        "generatedBy": tf.__version__,
        "convertedBy": "make_graph_models.py",
        "signature": {
            "inputs": {"image": info(input_name, [-1, size, size, 3])},
            "outputs": {"scores": info(output_name, [-1, CLASSES])},
        },
        "modelTopology": {"node": nodes, "library": {}, "versions": {"producer": 1}},
        "weightsManifest": [{"paths": ["weights.bin"], "weights": specs}],
    }
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.json").write_text(json.dumps(model, separators=(",", ":")))
    (folder / "weights.bin").write_bytes(b"".join(chunks))
    print(name, sorted({node["op"] for node in nodes}), sum(map(len, chunks)), "bytes")


def shorten(text: str) -> str:
    """Seven digits: float32."""
    return re.sub(r"-?\d+\.\d+(?:e-?\d+)?", lambda match: f"{float(match.group()):.7g}", text)


def truth(model: tf.keras.Model) -> None:
    count = SIZE * SIZE * 3
    image = np.sin(np.arange(count, dtype=np.float64) * 0.37).astype(np.float32).reshape(1, SIZE, SIZE, 3)
    cotangent = np.array([[1.0, -0.5, 0.25, 2.0, -1.0]], np.float32)
    head = model.get_layer("scores")
    head.activation = tf.keras.activations.linear
    names = ["stem_relu", "mixed", "top_relu"]
    probe = tf.keras.Model(model.input, [model.get_layer(name).output for name in names] + [model.output])
    record = {"image": image.ravel().tolist(), "cotangent": cotangent.ravel().tolist()}
    # One part of the network per tensor: Keras cannot restart in the middle, so each layer's output gets a zero added.
    zeros = [tf.Variable(tf.zeros([1, *model.get_layer(name).output.shape[1:]])) for name in names]

    def run():
        values = {}
        for layer in model.layers:
            node = layer._inbound_nodes[0]
            if not node.parent_nodes:
                values[layer.name] = tf.constant(image)
                continue
            sources = [values[parent.operation.name] for parent in node.parent_nodes]
            out = layer(sources if len(sources) > 1 else sources[0], training=False)
            values[layer.name] = out + zeros[names.index(layer.name)] if layer.name in names else out
        return values["scores"]

    with tf.GradientTape() as tape:
        logits = run()
        score = tf.reduce_sum(logits * cotangent)
    gradients = tape.gradient(score, zeros)
    record["logits"] = logits.numpy().ravel().tolist()
    for name, gradient in zip(names, gradients):
        channels_first = np.transpose(gradient.numpy(), (0, 3, 1, 2))
        record[name] = {"shape": list(channels_first.shape), "gradients": channels_first.ravel().astype(float).tolist()}
    values = shorten(json.dumps(record, separators=(",", ":")))
    (OUT / "graph-model-truth.json").write_text(values)
    print("truth", len(values), "bytes; logits", record["logits"])
    del probe


class OddNetwork:
    """Any image size, sizes computed from tensors inside the graph, and ops whose stock tfjs gradients are wrong or missing."""

    def __init__(self):
        rng = np.random.default_rng(11)
        normal = lambda *shape: tf.Variable(rng.normal(0, 1 / np.sqrt(np.prod(shape[:-1])), shape).astype(np.float32))
        self.kernels = [normal(3, 3, 3, 6), normal(3, 3, 6, 8), normal(8, CLASSES)]
        self.slope = tf.Variable(rng.uniform(0.1, 0.4, (8,)).astype(np.float32))

    def __call__(self, image, training=False, added=None):
        x = tf.nn.conv2d(image, self.kernels[0], 2, [[0, 0], [1, 1], [1, 1], [0, 0]], name="stem")
        x = tf.nn.leaky_relu(x, 0.1, name="leaky")
        x = x if added is None else x + added
        x = tf.pad(x, [[0, 0], [2, 1], [1, 2], [0, 0]], "REFLECT", name="mirror")
        size = tf.shape(x)[1:3]
        x = tf.compat.v1.image.resize_bilinear(x, size * 2 - 5, half_pixel_centers=True, name="resized")
        a, b = tf.split(x, 2, axis=3, name="halves")
        x = tf.concat([b, a], axis=3, name="swapped")
        x = tf.nn.depthwise_conv2d(x, self.kernels[1][:, :, :, :1], [1, 1, 1, 1], "VALID", name="depthwise") * 2.0
        x = tf.nn.conv2d(x, self.kernels[1], 1, "SAME", name="top")
        x = tf.nn.relu(x) - self.slope * tf.nn.relu(-x)
        rows = tf.reshape(x, [tf.shape(x)[0], -1, 8], name="cells")
        return tf.nn.softmax(tf.reduce_mean(rows, axis=1) @ self.kernels[2], name="scores")

    def truth(self) -> dict:
        size = 14
        count = size * size * 3
        image = np.sin(np.arange(count, dtype=np.float64) * 0.37).astype(np.float32).reshape(1, size, size, 3)
        cotangent = np.array([[1.0, -0.5, 0.25, 2.0, -1.0]], np.float32)
        zero = tf.Variable(tf.zeros([1, 7, 7, 6]))
        with tf.GradientTape() as tape:
            # log softmax + log-sum-exp gives the logits back; the sum over classes of a constant has no gradient
            scores = self(image, added=zero)
            logits = tf.math.log(scores)
            centred = cotangent - np.sum(cotangent) / CLASSES
            score = tf.reduce_sum(logits * centred)
        gradient = np.transpose(tape.gradient(score, zero).numpy(), (0, 3, 1, 2))
        return {
            "image": image.ravel().tolist(),
            "cotangent": centred.ravel().tolist(),
            "probabilities": scores.numpy().ravel().tolist(),
            "shape": list(gradient.shape),
            "gradients": gradient.ravel().astype(float).tolist(),
        }


plain = network(folded=False)
fill(plain)
folded = network(folded=True)
fold(plain, folded)
check = np.random.default_rng(1).normal(size=(2, SIZE, SIZE, 3)).astype(np.float32)
assert np.allclose(plain(check), folded(check), atol=1e-6)
write(*freeze(plain, ["pruning", "constfold", "dependency"]), "graph-model-unfused")
graph, image_name, scores_name = freeze(folded, ["pruning", "constfold", "dependency", "remap", "constfold"])
fuse_depthwise(graph)
write(graph, image_name, scores_name, "graph-model-fused")
truth(plain)
odd = OddNetwork()
write(*freeze(odd, ["pruning", "constfold", "dependency"], size=None), "graph-model-odd", size=-1)
shown = json.dumps(odd.truth(), separators=(",", ":"))
(OUT / "graph-model-odd-truth.json").write_text(shorten(shown))
