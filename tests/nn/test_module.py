"""Modules: what they find in themselves, their modes and states, and how they print."""

from __future__ import annotations

import copy
import itertools
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import nn

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")


class Block(nn.Module):
    """Parameters, buffers and modules of its own."""

    def __init__(self, width: int = 2) -> None:
        self.scale = nn.Parameter(rt.ones([width]))
        self.inner = nn.Linear(width, width)
        self.shift = nn.Parameter(rt.zeros([]))
        self.register_buffer("seen", rt.zeros([], dtype="i64"))
        self.register_buffer("cache", rt.zeros([width]), persistent=False)
        self.absent = None
        self.name = "block"
        self.constant = rt.ones([3])

    def forward(self, x: rt.Tensor, *, twice: bool = False) -> rt.Tensor:
        y = self.inner(x) * self.scale + self.shift
        return y * 2.0 if twice else y


class Net(nn.Module):
    """Modules in modules."""

    def __init__(self) -> None:
        self.first = Block()
        self.layers = nn.Sequential(nn.Linear(2, 3, bias=False), nn.Dropout(), nn.Sequential(Block(3)))


def names(found: Iterator[tuple[str, Any]]) -> list[str]:
    return [name for name, _ in found]


OF_BLOCK = ["scale", "shift", "inner.weight", "inner.bias"]
OF_NET = [f"first.{name}" for name in OF_BLOCK] + ["layers.0.weight"] + [f"layers.2.0.{name}" for name in OF_BLOCK]


# What is in it.


def test_calling_a_module_calls_forward() -> None:
    block = Block()
    x = rt.tensor([1.0, 2.0])
    assert block(x).tolist() == block.forward(x).tolist()
    assert block(x, twice=True).tolist() == (block(x) * 2.0).tolist()


def test_a_module_without_forward() -> None:
    with pytest.raises(NotImplementedError, match=r"Net has no forward\(\)"):
        Net()(rt.zeros([1]))


def test_parameters_in_the_order_of_attributes_with_those_of_modules_behind() -> None:
    assert names(Block().named_parameters()) == OF_BLOCK
    assert names(Net().named_parameters()) == OF_NET
    net = Net()
    assert [id(parameter) for parameter in net.parameters()] == [id(it) for _, it in net.named_parameters()]


def test_modules_and_children() -> None:
    net = Net()
    paths = ["", "first", "first.inner", "layers", "layers.0", "layers.1", "layers.2", "layers.2.0", "layers.2.0.inner"]
    assert names(net.named_modules()) == paths
    assert [*net.modules()] == [module for _, module in net.named_modules()]
    assert names(net.named_children()) == ["first", "layers"]
    assert [*net.children()] == [net.first, net.layers]


def test_buffers() -> None:
    assert names(Block().named_buffers()) == ["seen", "cache"]
    assert [buffer.shape for buffer in Net().buffers()] == [(), (2,), (), (3,)]


def test_super_init_may_be_called_and_need_not() -> None:
    class Polite(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(rt.ones([2]))

    assert names(Polite().named_parameters()) == ["weight"]


def test_what_is_shared_is_found_once_and_saved_under_each_path() -> None:
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2), nn.ReLU())
    net[1].weight = net[0].weight
    again = nn.Sequential(net[0], net)
    assert names(net.named_parameters()) == ["0.weight", "0.bias", "1.bias"]
    assert net.count_parameters() == 8
    assert [*net.state_dict()] == ["0.weight", "0.bias", "1.weight", "1.bias"]
    assert names(again.named_modules()) == ["", "0", "1", "1.1", "1.2"]
    assert [*again.state_dict()] == ["0.weight", "0.bias", "1.0.weight", "1.0.bias", "1.1.weight", "1.1.bias"]


@pytest.mark.parametrize(
    ("sizes", "count"),
    [
        ([2, 4, 1], 17),
        ([4, 8, 3], 67),
        ([784, 256, 10], 203_530),
        ([784, 512, 256, 128, 10], 567_434),
        ([10, 20, 10, 3], 463),
        ([100, 64, 32, 16, 4], 9_140),
        ([3, 5, 1], 26),
    ],
)
def test_known_counts_of_parameters(sizes: list[int], count: int) -> None:
    model = nn.Sequential(nn.Linear(a, b) for a, b in itertools.pairwise(sizes))
    assert model.count_parameters() == nn.count_parameters(model) == count
    model[0].requires_grad_(False)
    assert model.count_parameters() == count - sizes[0] * sizes[1] - sizes[1]


# Attributes.


def test_attributes_can_be_replaced_and_removed() -> None:
    block = Block()
    block.scale = nn.Parameter(rt.zeros([2]))
    assert names(block.named_parameters()) == OF_BLOCK
    block.scale = None
    assert names(block.named_parameters()) == OF_BLOCK[1:]
    block.scale = nn.Parameter(rt.zeros([2]))
    assert names(block.named_parameters()) == OF_BLOCK
    del block.inner
    assert names(block.named_parameters()) == ["scale", "shift"]
    block.seen = rt.ones([], dtype="i64")
    assert block.state_dict()["seen"].item() == 1
    del block.seen
    assert names(block.named_buffers()) == ["cache"]
    block.seen = rt.ones([])  # an attribute like others now
    assert names(block.named_buffers()) == ["cache"]


def test_parameters_and_modules_are_not_replaced_by_other_things() -> None:
    block = Block()
    for bad in (rt.zeros([2]), [1.0, 2.0], 1.0, nn.ReLU()):
        with pytest.raises(
            rt.ArgumentTypeError, match=r"Block\.scale: a Parameter or None is expected in the place of"
        ):
            block.scale = bad
    for bad in (nn.Parameter(rt.zeros([2])), rt.relu, "inner"):
        with pytest.raises(rt.ArgumentTypeError, match=r"Block\.inner: a Module or None is expected in the place of"):
            block.inner = bad
    assert names(block.named_parameters()) == OF_BLOCK


def test_buffers_are_not_replaced_by_other_things() -> None:
    block = Block()
    for bad in (1.0, [1.0], "seen", nn.ReLU()):
        with pytest.raises(rt.ArgumentTypeError, match=r"Block\.seen: a tensor or None is expected"):
            block.seen = bad
    assert names(block.named_buffers()) == ["seen", "cache"]


def test_registering() -> None:
    block = Block()
    block.register_parameter("extra", nn.Parameter(rt.ones([1])))
    block.register_parameter("nothing", None)
    block.register_buffer("later", None)
    assert (block.nothing, block.later) == (None, None)
    assert names(block.named_parameters()) == ["scale", "shift", "extra", "inner.weight", "inner.bias"]
    block.later = rt.ones([1])
    block.register_buffer("cache", rt.ones([2]))
    assert [*block.state_dict()] == ["scale", "shift", "extra", "seen", "cache", "later", "inner.weight", "inner.bias"]


def test_registering_what_is_none() -> None:
    block = Block()
    for bad in (1.0, [1.0], rt.zeros):
        with pytest.raises(rt.ArgumentTypeError, match="register_buffer: argument `tensor`: a tensor is expected"):
            block.register_buffer("other", bad)
        with pytest.raises(
            rt.ArgumentTypeError, match="register_parameter: argument `parameter`: a Parameter is expec"
        ):
            block.register_parameter("other", bad)
    for name in ("", "a.b", 1, None):
        with pytest.raises(rt.BadArgumentError, match="argument `name`: a name without dots is expected"):
            block.register_buffer(name, None)
        with pytest.raises(rt.BadArgumentError, match="argument `name`: a name without dots is expected"):
            block.register_parameter(name, None)
    for name in ("scale", "inner", "forward", "name", "train"):
        with pytest.raises(
            rt.BadArgumentError, match=f"register_buffer: argument `name`: Block already has another '{name}'"
        ):
            block.register_buffer(name, rt.zeros([1]))
    for name in ("seen", "inner", "parameters"):
        with pytest.raises(rt.BadArgumentError, match=f"Block already has another '{name}'"):
            block.register_parameter(name, None)


# Modes.


def test_training_and_use() -> None:
    net = Net()
    assert all(module.training for module in net.modules())
    assert net.eval() is net
    assert not any(module.training for module in net.modules())
    assert net.train() is net
    net.layers.train(False)
    assert [module.training for module in (net, net.first, net.layers, net.layers[1])] == [True, True, False, False]
    for bad in (1, None, "yes"):
        with pytest.raises(rt.ArgumentTypeError, match="train: argument `mode`: True or False is expected"):
            net.train(bad)


def test_zero_grad_and_requires_grad(tier: str) -> None:
    block = Block()
    block(rt.ones([2])).sum().backward()
    assert all(parameter.grad is not None for parameter in block.parameters())
    block.zero_grad()
    assert all(parameter.grad is None for parameter in block.parameters())
    assert block.requires_grad_(False) is block
    assert not block(rt.ones([2])).requires_grad


@pytest.mark.parametrize("target", ["f32", "float32"])
def test_another_dtype(tier: str, target: str) -> None:
    block = Block()
    block(rt.ones([2])).sum().backward()
    before = [*block.parameters()]
    assert block.to(target) is block
    assert all(a is b for a, b in zip(before, block.parameters(), strict=True))
    assert {parameter.dtype for parameter in block.parameters()} == {"f32"}
    assert {parameter.grad.dtype for parameter in block.parameters() if parameter.grad is not None} == {"f32"}
    assert (block.seen.dtype, block.cache.dtype, block.constant.dtype) == ("i64", "f32", "f64")
    assert all(parameter.requires_grad and parameter.is_leaf for parameter in block.parameters())
    assert block(rt.ones([2], dtype="f32")).dtype == "f32"


@pytest.mark.parametrize("bad", ["i64", "bool", "int64"])
def test_another_dtype_that_learns_nothing(bad: str) -> None:
    for call in (lambda: Block().to(bad), lambda: Block().to(dtype=bad), lambda: Block().to("cpu", bad)):
        with pytest.raises(
            rt.BadArgumentError, match=r"Block\.to: argument `dtype`: a floating-point dtype is expected; given"
        ):
            call()


def test_what_is_neither_a_dtype_nor_a_device() -> None:
    with pytest.raises(rt.BadArgumentError, match="nowhere"):
        Block().to("nowhere")


def test_a_dtype_and_a_device() -> None:
    for block in (
        Block().to("cpu", "f64"),
        Block().to(dtype="f64", device="cpu"),
        Block().to(rt.zeros([1], dtype="f64")),
    ):
        assert {(parameter.dtype, parameter.device) for parameter in block.parameters()} == {("f64", "cpu")}
    assert block.cpu() is block


def test_a_device_that_is_not_there() -> None:
    block = Block()
    before = block.state_dict()
    for call in (lambda: block.cuda(99), lambda: block.cuda("cuda:99"), lambda: block.to(device="cuda:99")):
        with pytest.raises(rt.Error, match="cuda:99"):
            call()
    assert {name: each.tolist() for name, each in block.state_dict().items()} == {
        name: each.tolist() for name, each in before.items()
    }
    with pytest.raises(rt.BadArgumentError, match=r"Block\.cuda: argument `device`"):
        block.cuda(1.5)  # type: ignore[arg-type]  # it is what is tested


def test_the_same_device() -> None:
    block = Block()
    before = [parameter.tolist() for parameter in block.parameters()]
    assert [parameter.tolist() for parameter in block.to("cpu").parameters()] == before


# State.


def test_a_state_is_of_parameters_and_saved_buffers() -> None:
    state = Net().state_dict()
    assert [*state] == [
        *(f"first.{name}" for name in ("scale", "shift", "seen", "inner.weight", "inner.bias")),
        "layers.0.weight",
        *(f"layers.2.0.{name}" for name in ("scale", "shift", "seen", "inner.weight", "inner.bias")),
    ]
    assert all(type(tensor) is rt.Tensor and not tensor.requires_grad for tensor in state.values())


def test_a_state_is_what_was_learned_up_to_then(tier: str) -> None:
    block = Block()
    state = block.state_dict()
    before = {path: tensor.tolist() for path, tensor in state.items()}
    block(rt.ones([2])).sum().backward()
    rt.optim.SGD(block.parameters(), lr=1.0).step()
    assert block.scale.tolist() != before["scale"]
    assert {path: tensor.tolist() for path, tensor in state.items()} == before
    block.load_state_dict(state)
    assert {path: tensor.tolist() for path, tensor in block.state_dict().items()} == before


def test_what_is_loaded_is_copied(tier: str) -> None:
    one, other = Block(), Block()
    other.load_state_dict(one.state_dict())
    with rt.no_grad():
        one.scale[0] = 7.0
        one.seen[()] = 3
    assert other.scale.tolist() == [1.0, 1.0]
    assert other.seen.item() == 0


def test_loading_keeps_parameters_dtypes_and_what_learns(tier: str) -> None:
    source, target = Block().to("f32"), Block()
    target.inner.requires_grad_(False)
    before = [*target.parameters()]
    source.scale.data = rt.tensor([0.1, 0.2], dtype="f32")
    assert target.load_state_dict(source.state_dict()) == ([], [])
    assert all(a is b for a, b in zip(before, target.parameters(), strict=True))
    assert target.scale.tolist() == source.scale.tolist()
    assert target.scale.dtype == "f64"
    assert [parameter.requires_grad for parameter in target.parameters()] == [True, True, False, False]
    target(rt.ones([2])).sum().backward()
    assert target.scale.grad is not None


def test_all_that_does_not_fit_is_told_and_nothing_is_changed() -> None:
    block = Block()
    state: dict[str, Any] = block.state_dict()
    state["scale"] = rt.zeros([3])
    state["inner.bias"] = [0.0, 0.0]
    state["other"] = rt.zeros([1])
    state["inner.weight"] = rt.zeros([2, 2])
    del state["shift"], state["seen"]
    before = [parameter.tolist() for parameter in block.parameters()]
    with pytest.raises(rt.BadArgumentError) as caught:
        block.load_state_dict(state)
    assert str(caught.value).splitlines() == [
        "Block.load_state_dict: argument `state`: it does not fit:",
        "  scale has the shape (3,), and (2,) is expected",
        "  inner.bias is no tensor; given [0.0, 0.0] (list)",
        "  shift is missing",
        "  seen is missing",
        "  other is not known here",
    ]
    assert [parameter.tolist() for parameter in block.parameters()] == before


def test_parts_of_a_state() -> None:
    block = Block()
    unmatched = block.load_state_dict({"scale": rt.tensor([3.0, 4.0]), "other": rt.zeros([1])}, strict=False)
    assert block.scale.tolist() == [3.0, 4.0]
    assert unmatched.missing_keys == ["shift", "seen", "inner.weight", "inner.bias"]
    assert unmatched.unexpected_keys == ["other"]
    with pytest.raises(rt.BadArgumentError, match=r"scale has the shape \(1,\), and \(2,\) is expected"):
        block.load_state_dict({"scale": rt.zeros([1])}, strict=False)


def test_states_that_are_none() -> None:
    for bad in (None, [1.0], "state", rt.zeros([1])):
        with pytest.raises(rt.ArgumentTypeError, match="argument `state`: tensors by their paths are expected"):
            Block().load_state_dict(bad)


def test_copies_of_modules(tier: str) -> None:
    net = nn.Sequential(nn.Linear(2, 2), Block()).eval()
    x = rt.ones([2])
    for copied in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert copied(x).tolist() == net(x).tolist()
        assert names(copied.named_parameters()) == names(net.named_parameters())
        assert not copied.training
        assert all(type(parameter) is nn.Parameter and parameter.requires_grad for parameter in copied.parameters())
        with rt.no_grad():
            copied[0].weight[0, 0] = 100.0
        assert copied(x).tolist() != net(x).tolist()


def test_a_deep_copy_shares_what_was_shared() -> None:
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    net[1].weight = net[0].weight
    copied = copy.deepcopy(net)
    assert copied[1].weight is copied[0].weight
    assert copied[0].weight is not net[0].weight


# Sequences.


def test_sequences() -> None:
    layers = [nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)]
    net = nn.Sequential(*layers)
    assert ([*net], len(net), net[0], net[-1]) == (layers, 3, layers[0], layers[2])
    assert [*nn.Sequential(layers)] == [*nn.Sequential(iter(layers))] == layers
    assert [*net[1:]] == layers[1:]
    assert net.append(nn.Sigmoid()) is net
    assert names(net.named_children()) == ["0", "1", "2", "3"]
    with pytest.raises(IndexError):
        net[4]
    for bad, place in ((rt.relu, 0), ([nn.ReLU(), 1], 1), ((nn.ReLU(), nn.ReLU), 1)):
        with pytest.raises(rt.ArgumentTypeError, match=rf"rt\.nn\.Sequential: module {place}: a module is expected"):
            nn.Sequential(bad) if not isinstance(bad, tuple) else nn.Sequential(*bad)


def test_sequences_can_be_changed() -> None:
    layers = [nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1), nn.Tanh()]
    net = nn.Sequential(*layers)
    net[1] = nn.Sigmoid()
    assert [type(module).__name__ for module in net] == ["Linear", "Sigmoid", "Linear", "Tanh"]
    with pytest.raises(rt.ArgumentTypeError, match=r"rt\.nn\.Sequential: module 1: a module is expected; given"):
        net[1] = rt.relu
    with pytest.raises(IndexError):
        net[4] = nn.ReLU()
    del net[1]
    assert [*net.named_children()] == [("0", layers[0]), ("1", layers[2]), ("2", layers[3])]
    del net[1:]
    assert [*net] == layers[:1]
    with pytest.raises(IndexError):
        del net[1]


def test_nothing_in_a_sequence_is_lost_when_one_is_appended() -> None:
    layers = [nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)]
    net = nn.Sequential(*layers)
    delattr(net, "1")
    assert [*net.append(nn.Tanh()).named_children()][:2] == [("0", layers[0]), ("2", layers[2])]
    assert names(nn.Sequential(*layers)[1:].append(nn.Tanh()).named_children()) == ["1", "2", "3"]


# Printing.


PRINTED = [
    (nn.Linear(2, 4), "Linear(in_features=2, out_features=4, bias=True)"),
    (nn.Linear(1, 1, bias=False), "Linear(in_features=1, out_features=1, bias=False)"),
    (nn.ReLU(), "ReLU()"),
    (nn.LeakyReLU(), "LeakyReLU(negative_slope=0.01)"),
    (nn.ELU(), "ELU(alpha=1.0)"),
    (nn.GELU(), "GELU(approximate='none')"),
    (nn.Sigmoid(), "Sigmoid()"),
    (nn.Tanh(), "Tanh()"),
    (nn.Softmax(1), "Softmax(dim=1)"),
    (nn.LogSoftmax(1), "LogSoftmax(dim=1)"),
    (nn.Dropout(), "Dropout(p=0.5, inplace=False)"),
    (nn.BatchNorm1d(4), "BatchNorm1d(4, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)"),
    (nn.LayerNorm(4), "LayerNorm((4,), eps=1e-05, elementwise_affine=True, bias=True)"),
    (nn.Embedding(10, 3), "Embedding(10, 3)"),
    (nn.Conv2d(1, 2, 3), "Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1))"),
    (
        nn.Conv2d(2, 4, (3, 1), 2, 1, (1, 2), 2, False),
        "Conv2d(2, 4, kernel_size=(3, 1), stride=(2, 2), padding=(1, 1), dilation=(1, 2), groups=2, bias=False)",
    ),
    (nn.MaxPool2d(2), "MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)"),
    (nn.AvgPool2d((2, 3), 1), "AvgPool2d(kernel_size=(2, 3), stride=1, padding=0)"),
    (nn.Flatten(), "Flatten(start_dim=1, end_dim=-1)"),
    (nn.CrossEntropyLoss("sum"), "CrossEntropyLoss()"),
    (nn.Sequential(), "Sequential()"),
    (
        nn.Sequential(nn.Linear(1, 2), nn.Sequential(nn.ReLU(), nn.Dropout(0.2))),
        """Sequential(
  (0): Linear(in_features=1, out_features=2, bias=True)
  (1): Sequential(
    (0): ReLU()
    (1): Dropout(p=0.2, inplace=False)
  )
)""",
    ),
]


@pytest.mark.parametrize(("module", "text"), PRINTED, ids=[type(module).__name__ for module, _ in PRINTED])
def test_printing_as_torch(module: nn.Module, text: str) -> None:
    """Torch's own text, of version 2.12; later ones say of BatchNorm1d that there is a bias."""
    assert repr(module) == text


def test_printing_what_is_beside_modules() -> None:
    class Noted(nn.Module):
        def __init__(self) -> None:
            self.inner = nn.ReLU()

        def extra_repr(self) -> str:
            return "a=1\nb=2"

    assert repr(Noted()) == "Noted(\n  a=1\n  b=2\n  (inner): ReLU()\n)"
    del (noted := Noted()).inner
    assert repr(noted) == "Noted(\n  a=1\n  b=2\n)"
