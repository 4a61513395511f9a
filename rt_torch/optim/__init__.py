"""Optimizers and schedules of their learning rates, with torch's names, formulas and states.

optimizer = rt.optim.Adam(model.parameters(), lr=0.01)
schedule = rt.optim.StepLR(optimizer, step_size=10)
for epoch in range(30):
    for x, y in batches:
        loss = rt.nn.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    schedule.step()
"""

from __future__ import annotations

from rt_torch.optim.adam import Adam, AdamW
from rt_torch.optim.optimizer import Optimizer
from rt_torch.optim.rmsprop import RMSprop
from rt_torch.optim.schedule import CosineAnnealingLR, ExponentialLR, Schedule, StepLR
from rt_torch.optim.sgd import SGD

__all__ = [
    "SGD",
    "Adam",
    "AdamW",
    "CosineAnnealingLR",
    "ExponentialLR",
    "Optimizer",
    "RMSprop",
    "Schedule",
    "StepLR",
]
