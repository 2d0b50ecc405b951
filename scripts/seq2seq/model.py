"""
Encoder and decoder of one GRU each, as in Luong, Pham and Manning, "Effective approaches to attention-based neural machine
translation" (2015), without input feeding. Four kinds of context, everything else alike:

  fixed    the encoder's last state, at each step the same (Cho et al. 2014)
  dot      attention by s_t · h_j
  general  attention by s_t · W_a h_j
  concat   attention by v · tanh(W_a [s_t; h_j]): Bahdanau, Cho and Bengio (2015)
"""

import torch
from torch import nn

CONTEXTS = ["fixed", "dot", "general", "concat"]


class Seq2seq(nn.Module):
    def __init__(self, context, source_size, target_size, embedding, hidden):
        super().__init__()
        self.context, self.hidden = context, hidden
        self.source_embedding = nn.Embedding(source_size, embedding)
        self.target_embedding = nn.Embedding(target_size, embedding)
        self.encoder = nn.GRU(embedding, hidden, batch_first=True)
        self.decoder = nn.GRU(embedding, hidden, batch_first=True)
        self.combine = nn.Linear(2 * hidden, hidden, bias=False)
        self.output = nn.Linear(hidden, target_size)
        if context == "general":
            self.score = nn.Linear(hidden, hidden, bias=False)
        if context == "concat":
            self.score = nn.Linear(2 * hidden, hidden, bias=False)
            self.score_vector = nn.Linear(hidden, 1, bias=False)

    def encode(self, source, lengths):
        """Ids [B, T] -> states [B, T, h], the state behind each text's last character [1, B, h], mask [B, T]."""
        states, _ = self.encoder(self.source_embedding(source))
        last = states[torch.arange(len(lengths)), lengths - 1]
        return states, last[None], torch.arange(source.shape[1])[None] < lengths[:, None]

    def scores(self, decoder, encoder):
        """Decoder states [B, S, h] and encoder states [B, T, h] -> scores [B, S, T]."""
        if self.context == "dot":
            return decoder @ encoder.transpose(1, 2)
        if self.context == "general":
            return decoder @ self.score(encoder).transpose(1, 2)
        # W_a [s; h] in its two halves, so that neither is computed again for every pair.
        of_decoder, of_encoder = self.score.weight.split(self.hidden, dim=1)
        both = (decoder @ of_decoder.T)[:, :, None] + (encoder @ of_encoder.T)[:, None]
        return self.score_vector(torch.tanh(both))[..., 0]

    def decode(self, ids, state, encoder, mask):
        """Ids [B, S] that go in, from a state [1, B, h]: all stages of these steps, and the state behind the last."""
        hidden, state = self.decoder(self.target_embedding(ids), state)
        if self.context == "fixed":
            last = encoder[torch.arange(len(mask)), mask.sum(1) - 1]
            scores = weights = None
            context = last[:, None].expand(-1, ids.shape[1], -1)
        else:
            scores = self.scores(hidden, encoder).masked_fill(~mask[:, None], float("-inf"))
            weights = torch.softmax(scores, -1)
            context = weights @ encoder
        attentional = torch.tanh(self.combine(torch.cat([context, hidden], -1)))
        logits = self.output(attentional)
        return dict(hidden=hidden, scores=scores, weights=weights, context=context, attentional=attentional, logits=logits), state

    def forward(self, source, lengths, ids):
        states, last, mask = self.encode(source, lengths)
        return self.decode(ids, last, states, mask)[0]["logits"]

    @torch.no_grad()
    def translate(self, source, lengths, longest):
        """Greedily chosen ids [B, S] after <s>, up to `longest`; what follows a </s> means nothing."""
        states, state, mask = self.encode(source, lengths)
        ids = torch.zeros(len(lengths), 1, dtype=torch.long)
        chosen = []
        for _ in range(longest):
            stages, state = self.decode(ids, state, states, mask)
            ids = stages["logits"].argmax(-1)
            chosen.append(ids)
            if len(chosen) > 1 and bool(((torch.cat(chosen, 1) == 1).any(1)).all()):
                break
        return torch.cat(chosen, 1)
