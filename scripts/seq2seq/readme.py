"""The text of the model's README.md, with the figures that were measured."""

import datetime

from data import write_date
from model import CONTEXTS
from train import BATCH, EMBEDDING, HIDDEN, STEPS


def readme(parameters, reports):
    return f"""# tiny-seq2seq

Encoder-decoder networks of characters, made for Lumen to show what attention adds to one fixed context. Teaching material: real,
trained and tiny. Two tasks, each with four networks that differ in nothing but their context:

| context | c_t, what step t of the decoder knows of the input |
| --- | --- |
| `fixed` | the encoder's last state, the same at every step (Cho et al. 2014) |
| `dot` | mean of the encoder's states h_j weighted by softmax of s_t · h_j (Luong, Pham and Manning 2015) |
| `general` | the same, by s_t · W_a h_j (Luong et al. 2015) |
| `concat` | the same, by v · tanh(W_a [s_t; h_j]) (Bahdanau, Cho and Bengio 2015; Luong et al. 2015) |

Encoder and decoder are one GRU of {HIDDEN} units each, as PyTorch's (the reset gate behind the hidden product), on character embeddings of
{EMBEDDING} numbers. The decoder starts from the encoder's last state, without input feeding: s_t = GRU(y_(t−1), s_(t−1)),
a_t = tanh(W_c [c_t; s_t]), logits W a_t + b. {parameters:,} parameters in all eight networks, float16.

## Tasks

- `dates`: {TASK_TEXT["dates"]}
- `reversal`: {TASK_TEXT["reversal"]}

All texts are made by `scripts/seq2seq/data.py` from rules; no outside data, no pretrained weights. Made for Lumen and under its licence.

## Training

Each network alone, from the same seed, on the same texts in the same order: Adam, batches of {BATCH}, {STEPS["dates"]:,} steps for
dates and {STEPS["reversal"]:,} for reversal, a rate that falls from 0.004 to 0.00005 along a cosine, gradients clipped to norm 1, teacher forcing. One thread of
a processor; some minutes a network. To make it again (PyTorch is needed; 1.13 of Debian 12 was used):

```
python3 scripts/seq2seq/train.py CACHE
python3 scripts/seq2seq/export.py CACHE
```

## Accuracy

Share of texts written right in every character, in %, greedy, with the float16 weights. The texts were held out: a tenth of all days and
of all strings, by checksum, was never trained on (strings of one and two letters are too few for that, so these were).

Dates, by the way they are written ({texts_of(reports["dates"])} texts each):

{table(reports["dates"], "written as")}

Reversal, by the number of characters ({texts_of(reports["reversal"])} texts each). No network was trained on more than 16, and none goes far beyond:

{table(reports["reversal"], "characters")}

An attention map is no proof of what the decoder used: its own state carries the text too, since it starts from the encoder's last one, and
a state of the encoder also holds the characters before its own.

## Files

`config.json`: characters (a character's place is its id; of the output's ids, 0 is `<s>` and 1 is `</s>`), limits, and right answers by length of input.
`model.safetensors`: `<task>.<context>.` and the names of `scripts/seq2seq/model.py`, [out, in] as PyTorch has them.
`expected.json`: stages and translations computed by PyTorch in float64 from the float16 weights, to check an implementation against.
"""


TASK_TEXT = {
    "dates": """a day of 1900 to 2099 in one of 20 ways to write it, to ISO 8601: `march 3, 2021` to `2021-03-03`. In lower case. 3/4/21 is
  the 4th of March and 3.4.21 the 3rd of April; two digits of a year stand for 1950 to 2049.""",
    "reversal": """1 to 16 characters of a to z, blank, hyphen and apostrophe, backwards. Half of the strings draw from all characters alike,
  half from one to six of them, since words repeat their letters.""",
}


EXAMPLE = datetime.date(2021, 3, 14)


def texts_of(groups):
    return next(iter(groups.values()))["texts"]


def table(groups, heading):
    lines = [f"| {heading} | " + " | ".join(CONTEXTS) + " |", "| --- |" + " ---: |" * len(CONTEXTS)]
    for group, counts in groups.items():
        name = group if isinstance(group, int) else f"`{write_date(EXAMPLE, group, False)}`"
        lines.append(f"| {name} | " + " | ".join(f"{100 * counts[c] / counts['texts']:.1f}" for c in CONTEXTS) + " |")
    return "\n".join(lines)
