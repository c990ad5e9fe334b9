"""Attention rollout and LeGrad of a small vision transformer in PyTorch, in float64: fixtures of packages/onnx/test/network/attention.test.ts.

    python transformer.py OUT          (OUT is packages/onnx/test/network/fixtures; with onnxscript, NAME.dynamo.onnx too)

class_token.*.onnx reads its class token, mean_token.*.onnx has none and reads the mean of the patches; attention is written out. NAME.safetensors
holds `input`, `logits`, the map `attention-rollout`, and for class 1 the maps `le-grad` of its logit and
`le-grad-probability` of its probability, with the `block-scores` [blocks, classes] they are made of.
"""
import os
import sys

import onnx
import torch
from torch import nn
from torch.nn import functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../onnx-gradients"))
import tensors_file  # noqa: E402

SIZE, PATCH, WIDTH, HEADS, BLOCKS, CLASS = 24, 8, 12, 3, 3, 1
GRID = SIZE // PATCH


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.qkv, self.out = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.norm2, self.up, self.down = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(2 * WIDTH, WIDTH)

    def forward(self, x):
        n, tokens, _ = x.shape
        q, k, v = self.qkv(self.norm1(x)).reshape(n, tokens, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        self.attention = torch.softmax(q @ k.transpose(-2, -1) / (WIDTH // HEADS) ** 0.5, -1)
        x = x + self.out((self.attention @ v).transpose(1, 2).reshape(n, tokens, WIDTH))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Transformer(nn.Module):
    def __init__(self, class_token):
        super().__init__()
        self.patch = nn.Conv2d(3, WIDTH, PATCH, PATCH)
        self.token = nn.Parameter(torch.randn(1, 1, WIDTH)) if class_token else None
        self.position = nn.Parameter(torch.randn(1, GRID * GRID + class_token, WIDTH) * 0.5)
        self.blocks = nn.ModuleList(Block() for _ in range(BLOCKS))
        self.final, self.fc = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 5)

    def head(self, x):
        x = self.final(x)
        return self.fc(x.mean(1) if self.token is None else x[:, 0])

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        if self.token is not None:
            x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1)
        x = x + self.position
        for block in self.blocks:
            x = block(x)
        return self.head(x)


def build(class_token):
    torch.manual_seed(3)
    model = Transformer(class_token)
    with torch.no_grad():
        for block in model.blocks:
            # Attention that looks somewhere, not everywhere alike.
            block.qkv.weight.mul_(3)
    return model.eval()


def rollout(model):
    product = torch.eye(model.position.shape[1], dtype=torch.float64)
    for block in model.blocks:
        product = (block.attention[0].mean(0) + torch.eye(len(product))) / 2 @ product
    row = product.mean(0) if model.token is None else product[0]
    return row[model.token is not None :].reshape(GRID, GRID)


def le_grad(model, x, target):
    """The paper's equations, block after block: each is entered with tokens that carry no gradient, and left through the head."""
    entered = []
    hooks = [block.register_forward_pre_hook(lambda _, inputs: entered.append(inputs[0].detach())) for block in model.blocks]
    model(x)
    for hook in hooks:
        hook.remove()
    maps, scores = [], []
    for block, tokens in zip(model.blocks, entered):
        score = model.head(block(tokens))[0]
        (gradient,) = torch.autograd.grad(target(score)[CLASS], block.attention)
        # [heads, queries, keys]
        maps.append(gradient[0].clamp(min=0).mean((0, 1)))
        scores.append(score.detach())
    row = torch.stack(maps).mean(0)
    assert (row > 0).any() and torch.allclose(scores[-1], model(x)[0])
    return row[model.token is not None :].reshape(GRID, GRID), torch.stack(scores)


def export(model, x, path, dynamo):
    names = {"input_names": ["input"], "output_names": ["logits"]}
    if dynamo:
        torch.onnx.export(model, (x,), path, dynamo=True, external_data=False, verbose=False, dynamic_shapes=({0: torch.export.Dim.DYNAMIC},), **names)
        # The exporter writes a stack trace to every node.
        saved = onnx.load(path)
        for node in saved.graph.node:
            kept = [p for p in node.metadata_props if p.key.endswith("name_scopes")]
            del node.metadata_props[:]
            node.metadata_props.extend(kept)
        del saved.graph.metadata_props[:]
        del saved.metadata_props[:]
        onnx.save(saved, path)
    else:
        torch.onnx.export(model, (x,), path, dynamo=False, opset_version=17, dynamic_axes={"input": {0: "batch"}, "logits": {0: "batch"}}, **names)
    print(os.path.basename(path), os.path.getsize(path))


def main(out):
    for name in ("class_token", "mean_token"):
        model = build(name == "class_token")
        # Quarters are exact in every float type.
        x = torch.round(torch.randn(1, 3, SIZE, SIZE) * 4) / 4
        export(model, x, os.path.join(out, f"{name}.opset17.onnx"), False)
        try:
            import onnxscript  # noqa: F401

            export(model, torch.cat([x, x]), os.path.join(out, f"{name}.dynamo.onnx"), True)
        except ImportError:
            print("no onnxscript: the files of the dynamo exporter stay as they are")
        model = build(name == "class_token").double()
        logits = model(x.double())
        tensors = {"input": x, "logits": logits, "attention-rollout": rollout(model)}
        tensors["le-grad"], tensors["block-scores"] = le_grad(model, x.double(), lambda scores: scores)
        tensors["le-grad-probability"], _ = le_grad(model, x.double(), lambda scores: scores.softmax(0))
        tensors_file.save(os.path.join(out, f"{name}.safetensors"), {key: value.detach().float().numpy() for key, value in tensors.items()})


main(sys.argv[1])
