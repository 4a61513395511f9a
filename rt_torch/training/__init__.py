"""Learning: a trainer that takes a model through epochs of data, and what goes with it.

trainer = rt.training.Trainer(model, optimizer, rt.nn.mse_loss, metrics=[rt.training.accuracy])
history = trainer.fit(data, epochs=10, validation=more_data)

Trainer, TrainingHistory, Evaluation     epochs, validation, Ctrl-C, checkpoints
Callback, EarlyStopping, Checkpoint      what is called meanwhile
load_model                               a checkpoint's model alone
accuracy, accuracy_from_logits           metrics
plot_history, plot_weights               pictures, with matplotlib
LinearModel, compute_gradients           a straight line
DivergedError, PlotError                 what goes wrong
"""

from __future__ import annotations

from rt_torch._figure import PlotError
from rt_torch.training.callback import Callback
from rt_torch.training.checkpoint import Checkpoint
from rt_torch.training.divergence import DivergedError
from rt_torch.training.early_stopping import EarlyStopping
from rt_torch.training.history import TrainingHistory
from rt_torch.training.linear_model import LinearModel, compute_gradients
from rt_torch.training.metrics import accuracy, accuracy_from_logits
from rt_torch.training.plot import plot_history, plot_weights
from rt_torch.training.state import load_model
from rt_torch.training.trainer import Evaluation, Trainer

__all__ = [
    "Callback",
    "Checkpoint",
    "DivergedError",
    "EarlyStopping",
    "Evaluation",
    "LinearModel",
    "PlotError",
    "Trainer",
    "TrainingHistory",
    "accuracy",
    "accuracy_from_logits",
    "compute_gradients",
    "load_model",
    "plot_history",
    "plot_weights",
]
