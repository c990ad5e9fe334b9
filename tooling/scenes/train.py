"""Trains one scenes network on a rendered set and exports it.

    python tooling/scenes/train.py --plan main --seed 0 --data FOLDER --out FOLDER

The seed fixes initialisation, order and augmentation. Another processor or number of threads adds in another order, so a rerun
elsewhere gives an equally good network, not the same bytes.
"""

import argparse
import glob
import json
import os
import time

import numpy as np
import torch
from export import export
from network import CLASSES, SIZE, ScenesNetwork, normalise
from torch import nn

PERMUTATIONS = torch.tensor([[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])


def read(folder, plan):
    images, labels = [], []
    for path in sorted(glob.glob(os.path.join(folder, f"{plan}.*.images.u8"))):
        images.append(np.fromfile(path, np.uint8).reshape(-1, SIZE, SIZE, 3))
        labels.append(np.fromfile(path.replace("images.u8", "labels.i8"), np.int8).reshape(-1, 2))
    return torch.from_numpy(np.concatenate(images)), torch.from_numpy(np.concatenate(labels)).long()


def soft_labels(labels):
    """[n, 2] class indices, -1 for none, to [n, classes]: shared by two objects, uniform without one."""
    target = torch.zeros(len(labels), len(CLASSES))
    for column in range(2):
        rows = (labels[:, column] >= 0).nonzero()[:, 0]
        target[rows, labels[rows, column]] += 1
    target[labels[:, 0] < 0] = 1
    return target / target.sum(1, keepdim=True)


def augment(images, mirror):
    """Colour never names a class, so channels may trade places. Marks are read left to right, so they are not mirrored."""
    planes = images.permute(0, 3, 1, 2).contiguous()
    order = PERMUTATIONS[torch.randint(len(PERMUTATIONS), (len(planes),))]
    planes = planes[torch.arange(len(planes))[:, None], order]
    if mirror:
        planes = torch.where(torch.rand(len(planes), 1, 1, 1) < 0.5, planes, planes.flip(3))
    return planes.permute(0, 2, 3, 1)


@torch.no_grad()
def accuracy(network, images, labels):
    network.eval()
    right = 0
    for start in range(0, len(images), 250):
        scores = network(normalise(images[start : start + 250]).contiguous(memory_format=torch.channels_last))
        right += (scores.argmax(1) == labels[start : start + 250, 0]).sum().item()
    return right / len(images)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--plan", choices=["main", "confounded", "balanced"], required=True)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--epochs", type=int, default=4)
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--data", required=True)
    arguments.add_argument("--out", required=True)
    options = arguments.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)

    images, labels = read(options.data, options.plan)
    held_images, held_labels = read(options.data, "validation")
    targets = soft_labels(labels)
    network = ScenesNetwork(len(CLASSES)).to(memory_format=torch.channels_last)
    batch = 128
    steps = options.epochs * (len(images) // batch)
    optimizer = torch.optim.AdamW(network.parameters(), lr=4e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps, pct_start=0.15)
    started = time.time()
    history = []
    for epoch in range(options.epochs):
        network.train()
        order = torch.randperm(len(images))
        total = 0.0
        for start in range(0, len(images) - batch + 1, batch):
            rows = order[start : start + batch]
            x = normalise(augment(images[rows], mirror=options.plan == "main"))
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = network(x.contiguous(memory_format=torch.channels_last))
            loss = nn.functional.cross_entropy(scores.float(), targets[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        held = accuracy(network, held_images, held_labels)
        history.append({"epoch": epoch + 1, "loss": total / (len(images) // batch), "validation": held})
        print(f"epoch {epoch + 1} loss {history[-1]['loss']:.4f} validation {held:.4f} {time.time() - started:.0f} s", flush=True)

    name = f"{options.plan}-{options.seed}"
    path = os.path.join(options.out, f"scenes-{name}.safetensors")
    os.makedirs(options.out, exist_ok=True)
    report = export(network, path)
    report.update(
        plan=options.plan,
        seed=options.seed,
        epochs=options.epochs,
        trainingScenes=len(images),
        seconds=round(time.time() - started),
        torch=torch.__version__,
        threads=options.threads,
        history=history,
    )
    with open(os.path.join(options.out, f"scenes-{name}.json"), "w") as file:
        json.dump(report, file, indent=2)
    torch.save(network.state_dict(), os.path.join(options.out, f"scenes-{name}.pt"))
    print(report["sha256"], report["bytes"], "bytes")


if __name__ == "__main__":
    main()
