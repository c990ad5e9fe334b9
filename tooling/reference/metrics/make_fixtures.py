"""Reference numbers for packages/metrics/test, made with SciPy.

    python tooling/reference/metrics/make_fixtures.py

Deterministic (seed 0). Writes packages/metrics/test/fixtures/scipy.json, which records the versions it was made with.
"""
import json
import pathlib

import numpy as np
import scipy
import scipy.ndimage
import scipy.signal
import scipy.sparse
import scipy.sparse.linalg
import scipy.stats
import statsmodels
from statsmodels.stats.multitest import multipletests

rng = np.random.default_rng(0)
out = {"made_with": {"numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__}}


def rise_blur(image):
    """RISE's gkern(11, 5) applied as its notebook does: conv2d with padding 5, zeros outside."""
    delta = np.zeros((11, 11))
    delta[5, 5] = 1
    kernel = scipy.ndimage.gaussian_filter(delta, 5)
    return np.stack([scipy.signal.convolve2d(channel, kernel, mode="same", boundary="fill") for channel in image])


image = rng.standard_normal((2, 17, 23)).astype(np.float32)
out["rise_blur"] = {"shape": image.shape, "input": image.ravel().tolist(), "output": rise_blur(image).ravel().tolist()}


def impute(image, missing):
    """ROAD's linear imputation by a direct sparse solve."""
    height, width = missing.shape
    index = -np.ones(missing.shape, int)
    index[missing] = np.arange(missing.sum())
    rows, cols, vals = [], [], []
    right = np.zeros((image.shape[0], missing.sum()))
    for y, x in zip(*np.nonzero(missing)):
        u, diagonal = index[y, x], 1.0
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                if dy == dx == 0:
                    continue
                weight = 1 / 6 if dy == 0 or dx == 0 else 1 / 12
                ny, nx = y + dy, x + dx
                if not (0 <= ny < height and 0 <= nx < width):
                    diagonal -= weight
                elif missing[ny, nx]:
                    rows.append(u), cols.append(index[ny, nx]), vals.append(-weight)
                else:
                    right[:, u] += weight * image[:, ny, nx]
        rows.append(u), cols.append(u), vals.append(diagonal)
    matrix = scipy.sparse.csc_matrix((vals, (rows, cols)), shape=(missing.sum(),) * 2)
    result = image.astype(np.float64).copy()
    for c in range(image.shape[0]):
        result[c][missing] = scipy.sparse.linalg.spsolve(matrix, right[c])
    return result


missing = rng.random((17, 23)) < 0.7
out["impute"] = {"missing": missing.astype(int).ravel().tolist(), "output": impute(image, missing).ravel().tolist()}

# Large, from formulas that the test repeats: a few values of the solution are enough.
side, threshold, every = 160, 1.05, 293
ys, xs = np.mgrid[0:side, 0:side]
picture = (2 * np.sin(0.11 * xs + 0.05 * ys) + np.cos(1.7 * xs - 2.3 * ys)).astype(np.float32)
holes = np.sin(0.07 * xs) + np.cos(0.09 * ys) + 0.2 * np.sin(3 * xs + 5 * ys) < threshold
solved = impute(picture[None], holes)[0][holes]
out["impute_large"] = {"side": side, "threshold": threshold, "count": int(holes.sum()), "every": every,
                       "expected": solved[::every].tolist()}

tests = []
for n, ties in [(5, False), (10, False), (25, False), (26, False), (40, True), (12, True), (200, False)]:
    d = rng.normal(0.2, 1, n)
    if ties:
        d = np.round(d * 2) / 2
    zeros = (d == 0).any()
    exact = n <= 25 and not zeros and len(set(np.abs(d))) == n
    result = scipy.stats.wilcoxon(d, zero_method="pratt", correction=False, method="exact" if exact else "approx")
    tests.append({"differences": d.tolist(), "p": float(result.pvalue), "method": "exact" if exact else "normal"})
out["wilcoxon"] = tests

friedman_rng = np.random.default_rng(1)
tables = []
for rows, columns, ties in [(8, 3, False), (40, 4, False), (25, 5, True), (300, 12, True)]:
    table = friedman_rng.normal(size=(rows, columns)) + 0.2 * np.arange(columns)
    if ties:
        table = np.round(2 * table) / 2
    result = scipy.stats.friedmanchisquare(*table.T)
    tables.append({"table": table.tolist(), "statistic": float(result.statistic), "p": float(result.pvalue)})
out["friedman"] = tables

a = np.round(rng.normal(size=60) * 3)
b = a + np.round(rng.normal(size=60) * 4)
out["spearman"] = {"a": a.tolist(), "b": b.tolist(), "rho": float(scipy.stats.spearmanr(a, b).statistic),
                   "pearson": float(scipy.stats.pearsonr(a, b).statistic)}

values = rng.gamma(2.0, 1.0, 80)
boot = scipy.stats.bootstrap((values,), np.mean, n_resamples=200_000, method="percentile", random_state=1, batch=1000)
out["bootstrap"] = {"values": values.tolist(), "low": float(boot.confidence_interval.low), "high": float(boot.confidence_interval.high)}
wilson = scipy.stats.binomtest(37, 100).proportion_ci(method="wilson")
out["wilson"] = {"low": float(wilson.low), "high": float(wilson.high)}
holm_rng = np.random.default_rng(2)
holm = []
for count in (1, 2, 5, 11, 40):
    p = (holm_rng.uniform(size=count) ** 4).round(6)
    if count > 4:
        p[3] = p[1]
    holm.append({"p": p.tolist(), "adjusted": multipletests(p, method="holm")[1].tolist()})
out["holm"] = holm
z = [0.0, 0.5, 1.0, 1.96, 2.999, 3.0, 5.0, 10.0]
out["normal_tail"] = {"z": z, "p": [float(scipy.stats.norm.sf(v)) for v in z]}


def ssim(x, y):
    t = np.exp(-((np.arange(11) - 5) ** 2) / (2 * 1.5**2))
    k = np.outer(t, t) / np.outer(t, t).sum()
    f = lambda v: scipy.signal.convolve2d(v, k, mode="valid")
    span = max(x.max(), y.max()) - min(x.min(), y.min())
    c1, c2 = (0.01 * span) ** 2, (0.03 * span) ** 2
    mx, my = f(x), f(y)
    vx, vy, cov = f(x * x) - mx**2, f(y * y) - my**2, f(x * y) - mx * my
    return float((((2 * mx * my + c1) * (2 * cov + c2)) / ((mx**2 + my**2 + c1) * (vx + vy + c2))).mean())


x = scipy.ndimage.gaussian_filter(rng.standard_normal((20, 24)), 2).astype(np.float32).astype(np.float64)
y = (x + 0.05 * rng.standard_normal(x.shape)).astype(np.float32).astype(np.float64)
out["ssim"] = {"shape": x.shape, "a": x.ravel().tolist(), "b": y.ravel().tolist(), "value": ssim(x, y)}

target = pathlib.Path(__file__).parents[3] / "packages/metrics/test/fixtures/scipy.json"
target.write_text(json.dumps(out))
print(target.stat().st_size, "bytes")
