"""Networks: modules that have parameters, and losses to learn from, with torch's names and semantics.

    model = rt.nn.Sequential(rt.nn.Linear(2, 4), rt.nn.ReLU(), rt.nn.Linear(4, 1), rt.nn.Sigmoid())
    loss = rt.nn.mse_loss(model(x), y)
    loss.backward()

What modules call, rt.linear, rt.relu, rt.conv2d and so on, is there for networks without modules too.
"""

from __future__ import annotations

from rt_torch.nn import init
from rt_torch.nn.activation import ELU, GELU, LeakyReLU, LogSoftmax, ReLU, Sigmoid, Softmax, Tanh
from rt_torch.nn.container import Sequential
from rt_torch.nn.convolution import Conv2d, conv2d_output_size
from rt_torch.nn.dropout import Dropout, dropout
from rt_torch.nn.embedding import Embedding
from rt_torch.nn.flatten import Flatten
from rt_torch.nn.linear import Linear
from rt_torch.nn.loss import (
    BCELoss,
    CrossEntropyLoss,
    HuberLoss,
    L1Loss,
    Loss,
    MAELoss,
    MSELoss,
    NLLLoss,
    SmoothL1Loss,
    binary_cross_entropy,
    cross_entropy,
    huber_loss,
    l1_loss,
    mae_loss,
    mse_loss,
    nll_loss,
    smooth_l1_loss,
)
from rt_torch.nn.module import Module, count_parameters
from rt_torch.nn.normalization import BatchNorm1d, LayerNorm
from rt_torch.nn.parameter import Parameter
from rt_torch.nn.pooling import AvgPool2d, MaxPool2d

__all__ = [
    "ELU",
    "GELU",
    "AvgPool2d",
    "BCELoss",
    "BatchNorm1d",
    "Conv2d",
    "CrossEntropyLoss",
    "Dropout",
    "Embedding",
    "Flatten",
    "HuberLoss",
    "L1Loss",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LogSoftmax",
    "Loss",
    "MAELoss",
    "MSELoss",
    "MaxPool2d",
    "Module",
    "NLLLoss",
    "Parameter",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "SmoothL1Loss",
    "Softmax",
    "Tanh",
    "binary_cross_entropy",
    "conv2d_output_size",
    "count_parameters",
    "cross_entropy",
    "dropout",
    "huber_loss",
    "init",
    "l1_loss",
    "mae_loss",
    "mse_loss",
    "nll_loss",
    "smooth_l1_loss",
]
