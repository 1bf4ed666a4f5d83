"""The two parts of the training: masked words over all texts, then pairs by contrast. Both end after their steps or their
seconds, whichever comes first; the rate falls to nothing by then.
"""
import time

import torch
import torch.nn.functional as F

from batches import Source
from network import MASK, SEP, SPECIAL

SCALE = 20                  # cosines are multiplied by it before the softmax
TOUCHING = .3               # weight of "what touches a demand stands before what only looks like it"


class Trainer:
    def __init__(self, network, device, workers, seed, log):
        self.network, self.device, self.workers, self.seed, self.log = network.to(device), device, workers, seed, log
        matrices = [p for n, p in network.named_parameters() if p.dim() == 2 and "words" not in n and "places" not in n]
        chosen = {id(p) for p in matrices}
        rest = [p for p in network.parameters() if id(p) not in chosen]
        groups = [{"params": matrices, "weight_decay": .01}, {"params": rest, "weight_decay": 0}]
        self.optimizer = torch.optim.AdamW(groups, betas=(.9, .98), fused=device == "cuda")

    def run(self, name, work, loss_of, rate, steps, seconds, average_from=None):
        """Trains, and from `average_from` of the way on averages the weights, which then take their place."""
        offset = {"masked": 500, "pairs": 0}[name]
        source = Source(work, [self.seed * 1000 + offset + i for i in range(self.workers)])
        began, step, shown, mean = time.time(), 0, None, None
        weights = lambda: [v for v in self.network.state_dict().values()]
        self.network.train()
        while True:
            part = max(step / steps, (time.time() - began) / seconds)
            if part >= 1:
                break
            for group in self.optimizer.param_groups:
                group["lr"] = rate * min(1, (step + 1) / 200) * max(.01, 1 - part)
            batch = [None if x is None else torch.from_numpy(x).to(self.device) for x in source.next()]
            with torch.autocast(self.device, torch.bfloat16):
                loss = loss_of(*batch)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.)
            self.optimizer.step()
            if average_from is not None and part > average_from and step % 5 == 0:
                if mean is None:
                    mean = [v.clone() for v in weights()]
                else:
                    torch._foreach_lerp_(mean, weights(), .02)
            if step % 20 == 0:
                shown = loss.item() if shown is None else .8 * shown + .2 * loss.item()
            if step % 500 == 0:
                self.log(f"{name} step {step} loss {shown:.3f}, {100 * part:.0f} % of the way")
            step += 1
        source.stop()
        self.log(f"{name} ended after {step} steps, loss {shown:.3f}")
        if mean is not None:
            with torch.no_grad():
                for value, averaged in zip(weights(), mean):
                    value.copy_(averaged)

    def masked(self, ids):
        """A fifth of the words is to be guessed; of these a tenth is replaced by others and a tenth left as it is."""
        ids = ids.long()
        chosen = (ids >= SPECIAL) & (torch.rand(ids.shape, device=ids.device) < .2)
        fate = torch.rand(ids.shape, device=ids.device)
        others = torch.randint(SPECIAL, self.network.words.num_embeddings, ids.shape, device=ids.device)
        given = torch.where(chosen & (fate < .8), MASK, torch.where(chosen & (fate > .9), others, ids))
        return F.cross_entropy(self.network.guesses(given, chosen).float(), ids[chosen])

    def pairs(self, a, b, touching, misses, answer):
        """Each text's answer before all others of the batch, what touches a demand before what only looks like it."""
        same = (answer[:, None] == answer[None]) & ~torch.eye(len(answer), dtype=torch.bool, device=answer.device)
        given, loss = None, 0
        if touching is not None:
            given = touching[:, 1] != SEP
            touching, misses = (self.network.vectors(x).float() * given[:, None] for x in (touching, misses))
        for depth, (va, vb) in enumerate(zip(self.network.vectors(a).float(), self.network.vectors(b).float())):
            if given is None:
                loss = loss + contrast(va, vb, same)
                continue
            others = torch.cat([touching[depth], misses[depth]])
            order = F.cross_entropy(SCALE * va @ others.T, torch.arange(len(va), device=va.device), reduction="none")
            loss = loss + contrast(va, vb, same, others) + TOUCHING * order[given].mean()
        return loss / 2


def contrast(a, b, same, others=None):
    """Symmetric loss over the batch; `others` answer nothing of it."""
    logits = (SCALE * a @ b.T).masked_fill(same, -1e4)
    target = torch.arange(len(a), device=a.device)
    back = F.cross_entropy(logits.T, target)
    if others is not None:
        logits = torch.cat([logits, SCALE * a @ others.T], 1)
    return .5 * (F.cross_entropy(logits, target) + back)
