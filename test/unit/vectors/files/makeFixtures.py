"""Writes fixtures/: arrays by numpy and safetensors, and what numpy says of them. Needs numpy, safetensors, ml_dtypes.

python makeFixtures.py
"""
import io, json, os, zipfile
import ml_dtypes
import numpy as np
import safetensors, safetensors.numpy

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
P = lambda name: os.path.join(HERE, name)
rng = np.random.default_rng(5)
A = {
    "f4": rng.normal(size=(7, 5)).astype("<f4"),
    "f8_fortran": np.asfortranarray(rng.normal(size=(6, 4))),
    "f2_big": (rng.normal(size=(3, 3)) * 9).astype(">f2"),
    "i2": rng.integers(-999, 999, (4, 6)).astype("<i2"),
    "i8": np.array([[2**52, -3], [7, -(2**52)]]),
    "u1_3d": rng.integers(0, 255, (3, 4, 5)).astype("u1"),
    "f4_fortran_3d": np.asfortranarray(rng.normal(size=(3, 4, 5)).astype("<f4")),
    "flags": rng.integers(0, 2, (5, 2)).astype(bool),
    "special": np.array([np.nan, 1.5, np.inf, -np.inf, 0.0, -0.0, -2.5, np.nan], "<f4"),
    "huge": np.array([1.6e308, -1.7e308, 1.2e308, 3.0]),
    "tiny": np.array([3e-310, 1e-309, 5e-324]),
    "constant": np.full((3, 2), 0.1),
    "empty": np.zeros((0, 4)),
    "scalar": np.array(2.5),
}


def facts(a):
    """By numpy, in double precision; huge and tiny numbers are scaled first, since numpy's own sums overflow and underflow."""
    x = a.astype("f8").ravel(); f = x[np.isfinite(x)]; n = None if len(f) == 0 else 1
    with np.errstate(over="ignore"):
        s = 2.0**600 if n and np.abs(f).max() > 1e300 else 2.0**-600 if n and np.abs(f).max() < 1e-300 else 1.0
    out = dict(count=int(x.size), finite=int(f.size), nan=int(np.isnan(x).sum()), positiveInfinity=int(np.isposinf(x).sum()),
               negativeInfinity=int(np.isneginf(x).sum()), zeros=int((x == 0).sum()))
    if n:
        out.update(min=f.min(), max=f.max(), mean=(f / s).mean() * s, std=(f / s).std() * s)
        if a.dtype.kind == "f" and f.min() < f.max():
            counts, edges = np.histogram(f / s, 16)
            out.update(counts=counts.tolist(), edges=(edges * s).tolist())
    return out


def plain(a):
    return [("NaN" if np.isnan(v) else "Infinity" if v == np.inf else "-Infinity" if v == -np.inf else float(v)) for v in a.astype("f8").ravel(order="C")]


expected = {name: dict(shape=list(a.shape), order="F" if a.flags.f_contiguous and not a.flags.c_contiguous else "C", values=plain(a), statistics=facts(a)) for name, a in A.items()}
np.savez(P("stored.npz"), **A)
np.savez_compressed(P("deflated.npz"), **A)


class Unseekable(io.RawIOBase):
    """So that zipfile writes data descriptors."""
    def __init__(self, file): self.file = file
    def writable(self): return True
    def write(self, data): return self.file.write(data)
    def seekable(self): return False


with open(P("descriptors.npz"), "wb") as file, zipfile.ZipFile(Unseekable(file), "w", zipfile.ZIP_DEFLATED) as archive:
    for name in ("f4", "i2"):
        with archive.open(name + ".npy", "w", force_zip64=True) as entry:
            np.lib.format.write_array(entry, A[name])
    archive.comment = b"a comment at the end"

S = {"embed.weight": rng.normal(size=(6, 4)).astype("<f4"), "half": rng.normal(size=(2, 3)).astype("<f2"), "brain": rng.normal(size=(2, 5)).astype(ml_dtypes.bfloat16),
     "e4m3": rng.normal(size=(2, 4)).astype(ml_dtypes.float8_e4m3fn), "e5m2": rng.normal(size=(4, 2)).astype(ml_dtypes.float8_e5m2),
     "double": rng.normal(size=3), "bytes": rng.integers(-99, 99, (2, 2)).astype("i1"), "longs": np.array([2**40, -5]), "flags": np.array([True, False]), "名": np.ones((1, 2), "<f4")}
safetensors.numpy.save_file(S, P("model.safetensors"), metadata={"format": "np", "说明": "试"})
json.dump(dict(versions=dict(numpy=np.__version__, safetensors=safetensors.__version__, ml_dtypes=ml_dtypes.__version__), npz=expected,
               safetensors={name: dict(shape=list(a.shape), values=plain(a)) for name, a in S.items()},
               e4m3=plain(np.arange(256, dtype="u1").view(ml_dtypes.float8_e4m3fn)), e5m2=plain(np.arange(256, dtype="u1").view(ml_dtypes.float8_e5m2))),
          open(P("expected.json"), "w"), ensure_ascii=False)
