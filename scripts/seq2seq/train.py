"""
Trains the networks of media/models/tiny-seq2seq, one at a time:

  python3 scripts/seq2seq/train.py CACHE [--task dates|reversal] [--context fixed|dot|general|concat] [--steps N]

Each is kept as CACHE/<task>.<context>.pt; those that are there already are not trained again. Then
`python3 scripts/seq2seq/export.py CACHE` writes the model's folder. Needs PyTorch (python3-torch of Debian 12 was used).
"""

import argparse
import math
import pathlib
import time

import torch

from data import TASKS, seeded
from model import CONTEXTS, Seq2seq

EMBEDDING = 12
HIDDEN = 40
BATCH = 128
STEPS = {"dates": 2000, "reversal": 9000}
RATE, LAST_RATE = 4e-3, 5e-5


def tensors(task, pairs):
    """Pairs of texts -> source ids [B, T], lengths [B], ids in [B, S], ids out [B, S]; −1 pads what counts for nothing."""
    source_id = {c: i for i, c in enumerate(task.source)}
    target_id = {c: i for i, c in enumerate(task.target)}
    lengths = torch.tensor([len(source) for source, _ in pairs])
    source = torch.zeros(len(pairs), int(lengths.max()), dtype=torch.long)
    steps = max(len(target) for _, target in pairs) + 1
    ids_in = torch.zeros(len(pairs), steps, dtype=torch.long)
    ids_out = torch.full((len(pairs), steps), -1)
    for row, (text, target) in enumerate(pairs):
        source[row, : len(text)] = torch.tensor([source_id[c] for c in text])
        ids = [target_id[c] for c in target]
        ids_in[row, 1 : len(ids) + 1] = torch.tensor(ids)
        ids_out[row, : len(ids) + 1] = torch.tensor(ids + [1])
    return source, lengths, ids_in, ids_out


def new_model(task, context):
    return Seq2seq(context, len(task.source), len(task.target), EMBEDDING, HIDDEN)


def accuracy(model, task, pairs):
    """The share of texts whose greedy translation is right in all characters."""
    source, lengths, _, ids_out = tensors(task, pairs)
    chosen = model.translate(source, lengths, ids_out.shape[1])
    right = 0
    for row, (_, target) in enumerate(pairs):
        ids = chosen[row].tolist()
        text = ids[: ids.index(1)] if 1 in ids else None
        right += text is not None and "".join(task.target[i] for i in text) == target
    return right / len(pairs)


def train(task, context, steps):
    torch.manual_seed(7)
    rng = seeded("train", task.name)
    model = new_model(task, context)
    optimiser = torch.optim.Adam(model.parameters(), lr=RATE)
    start, total = time.time(), 0.0
    for step in range(steps):
        rate = LAST_RATE + (RATE - LAST_RATE) * (1 + math.cos(math.pi * step / steps)) / 2
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 100)
        source, lengths, ids_in, ids_out = tensors(task, task.batch(rng, BATCH))
        logits = model(source, lengths, ids_in)
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids_out.flatten(), ignore_index=-1)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        total += loss.item()
        if (step + 1) % 500 == 0:
            print(f"{task.name} {context} step {step + 1}: loss {total / 500:.4f}, {time.time() - start:.0f} s", flush=True)
            total = 0.0
    return model


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cache", type=pathlib.Path)
    parser.add_argument("--task", choices=list(TASKS))
    parser.add_argument("--context", choices=CONTEXTS)
    parser.add_argument("--steps", type=int)
    args = parser.parse_args()
    args.cache.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for task in TASKS.values():
        for context in CONTEXTS:
            file = args.cache / f"{task.name}.{context}.pt"
            if file.exists() or args.task not in (None, task.name) or args.context not in (None, context):
                continue
            model = train(task, context, args.steps or STEPS[task.name])
            torch.save(model.state_dict(), file)
            shares = {key: accuracy(model, task, pairs) for key, pairs in task.tests(seeded("look"), 100).items()}
            print(task.name, context, " ".join(f"{key}:{share:.2f}" for key, share in shares.items()), flush=True)


if __name__ == "__main__":
    main()
