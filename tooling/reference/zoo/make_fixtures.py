"""Small checkpoints for packages/zoo/test, saved by PyTorch itself.

    python tooling/reference/zoo/make_fixtures.py

Random values of seed 0; the expected numbers lie beside them as JSON.
"""
import collections
import json
import pathlib
import pickle

import torch

out = pathlib.Path(__file__).parents[3] / "packages/zoo/test/fixtures"
out.mkdir(exist_ok=True)
g = torch.Generator().manual_seed(0)
base = torch.randn(4, 6, generator=g)
state = collections.OrderedDict(
    plain=torch.randn(2, 3, generator=g),
    half=torch.randn(5, generator=g).half(),
    bfloat=torch.randn(5, generator=g).bfloat16(),
    double=torch.randn(3, generator=g).double(),
    transposed=base.t(),
    shared_row=base[2],
    shared_column=base[:, 1],
    expanded=torch.randn(1, 3, generator=g).expand(4, 3),
    scalar=torch.tensor(2.5),
    empty=torch.zeros(0, 3),
    num_batches_tracked=torch.tensor(7),
    parameter=torch.nn.Parameter(torch.randn(2, 2, generator=g)),
)
expected = {k: {"shape": list(v.shape), "data": v.detach().float().flatten().tolist()} for k, v in state.items()}
torch.save(state, out / "tensors.pth")
torch.save({"epoch": 3, "state_dict": state, "best": 0.5, "names": ["a", "b"]}, out / "wrapped.pth")
module = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
torch.save(module.state_dict(), out / "module.pth")
(out / "tensors.json").write_text(json.dumps({"torch": torch.__version__, "tensors": expected,
    "module": {k: list(v.shape) for k, v in module.state_dict().items()}}))
for path in sorted(out.iterdir()):
    print(path.name, path.stat().st_size)
