"""
Writes media/models/tiny-seq2seq from the networks that train.py left in CACHE:

  python3 scripts/seq2seq/export.py CACHE

Weights are rounded to float16. All figures (accuracy, expected.json, README.md) come from the rounded weights, computed in float64.
"""

import json
import pathlib
import re
import struct
import sys

import torch

from data import START, END, TASKS, seeded
from model import CONTEXTS
from readme import readme
from train import EMBEDDING, HIDDEN, new_model, tensors

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "media" / "models" / "tiny-seq2seq"
TEXTS = {"dates": 400, "reversal": 500}
LONGEST_INPUT = {"dates": 40, "reversal": 60}
# One text for each network whose every stage is kept.
STAGED = {
    "dates": {"fixed": "3 march 2021", "dot": "march 3, 2021", "general": "2021年3月3日", "concat": "03.03.21"},
    "reversal": {"fixed": "context", "dot": "banana", "general": "decoder", "concat": "it's a"},
}
TEXTS_CHOSEN = {
    "dates": [
        "3 march 2021", "march 3, 2021", "03.03.21", "3/14/2021", "2021年3月3日", "wednesday, 3 march 2021", "29 feb 2000", "31-dec-99",
        "1st of may 1949", "2049/7/4",
    ],
    "reversal": ["a", "banana", "attention", "transformers", "neighbourhood", "it's", "well-known", "encoder decoder", "abcdefghijklmnopqrst"],
}
DIGITS = 6


def rounded(model):
    """The model with its weights rounded to float16, in double precision."""
    for parameter in model.parameters():
        parameter.data = parameter.data.half().float()
    return model.double().eval()


def right_of(model, task, pairs):
    """Whether each pair's text is translated right in every character."""
    source, lengths, _, ids_out = tensors(task, pairs)
    chosen = model.translate(source, lengths, ids_out.shape[1])
    return [written(task, ids) == target for ids, (_, target) in zip(chosen.tolist(), pairs)]


def written(task, ids):
    """The text of some ids, or None when they do not end."""
    return "".join(task.target[i] for i in ids[: ids.index(1)]) if 1 in ids else None


def measure(task, models):
    """Texts and right answers of each network by length, and by the groups in which the task tests."""
    groups = task.tests(seeded("test", task.name), TEXTS[task.name])
    by_length, by_group = {}, {}
    for group, pairs in groups.items():
        right = {context: right_of(model, task, pairs) for context, model in models.items()}
        by_group[group] = {"texts": len(pairs), **{context: sum(values) for context, values in right.items()}}
        for i, (text, _) in enumerate(pairs):
            at = by_length.setdefault(len(text), {"texts": 0, **dict.fromkeys(CONTEXTS, 0)})
            at["texts"] += 1
            for context in CONTEXTS:
                at[context] += right[context][i]
    return dict(sorted(by_length.items())), by_group


def stages(model, task, text):
    """All stages of a greedy translation."""
    source, lengths = torch.tensor([[task.source.index(c) for c in text]]), torch.tensor([len(text)])
    ids = model.translate(source, lengths, task.longest)[0].tolist()
    ids = ids[: ids.index(1) + 1] if 1 in ids else ids
    with torch.no_grad():
        encoder, last, mask = model.encode(source, lengths)
        found, _ = model.decode(torch.tensor([[0] + ids[:-1]]), last, encoder, mask)
    found = {"encoder": encoder, **found, "probabilities": torch.softmax(found["logits"], -1)}
    found["context_vectors"] = found.pop("context")
    values = {name: short(value[0].tolist()) for name, value in found.items() if value is not None and name != "logits"}
    return {"context": model.context, "text": text, "output": [task.target[i] for i in ids], **values}


def short(rows):
    return [[round(value, DIGITS) for value in row] for row in rows]


def indented(config):
    """JSON with a line for each key, and lists of numbers in one line."""
    text = json.dumps(config, ensure_ascii=False, indent=1)
    return re.sub(r"\[[\d,\s]+\]", lambda found: re.sub(r"\s+", "", found[0]).replace(",", ", "), text) + "\n"


def safetensors(named):
    """A file of float16 tensors: length of the header, header, bytes."""
    header, parts, at = {"__metadata__": {"format": "pt"}}, [], 0
    for name, value in named.items():
        part = value.half().contiguous().numpy().tobytes()
        header[name] = {"dtype": "F16", "shape": list(value.shape), "data_offsets": [at, at + len(part)]}
        parts.append(part)
        at += len(part)
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    return struct.pack("<Q", len(head)) + head + b"".join(parts)


def main():
    cache = pathlib.Path(sys.argv[1])
    named, sections, expected, reports = {}, {}, {}, {}
    for task in TASKS.values():
        models = {}
        for context in CONTEXTS:
            model = new_model(task, context)
            model.load_state_dict(torch.load(cache / f"{task.name}.{context}.pt"))
            named.update({f"{task.name}.{context}.{name}": value for name, value in model.state_dict().items()})
            models[context] = rounded(model)
        by_length, by_group = measure(task, models)
        reports[task.name] = by_group
        sections[task.name] = {
            "source": "".join(task.source),
            "target": "".join(task.target[2:]),
            "longest_input": LONGEST_INPUT[task.name],
            "longest_output": task.longest,
            "trained_length": task.trained_to,
            "accuracy": {
                "length": list(by_length),
                **{key: [at[key] for at in by_length.values()] for key in ["texts", *CONTEXTS]},
            },
        }
        expected[task.name] = {
            "stages": [stages(models[context], task, text) for context, text in STAGED[task.name].items()],
            "translations": {
                context: {text: "".join(stages(model, task, text)["output"]).replace(END, "") for text in TEXTS_CHOSEN[task.name]}
                for context, model in models.items()
            },
        }
    count = sum(value.numel() for value in named.values())
    config = {"model_type": "lumen-seq2seq", "hidden_size": HIDDEN, "embedding_size": EMBEDDING, "start": START, "end": END, **sections}
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "config.json").write_text(indented(config))
    (FOLDER / "model.safetensors").write_bytes(safetensors(named))
    (FOLDER / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, separators=(",", ":")) + "\n")
    (FOLDER / "README.md").write_text(readme(count, reports))
    print(count, "parameters")
    for file in sorted(FOLDER.iterdir()):
        print(file.name, file.stat().st_size)


if __name__ == "__main__":
    main()
