"""Gradients: what `backward()` finds, next to what is known from calculus.

    python examples/pure_nn/autograd_example.py [--only N ...] [--mode pure|native|auto]

A tensor with `requires_grad=True` has its computations recorded.  `y.backward()` goes back through them, and adds to the
`.grad` of each such tensor how much y changes when its elements do.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

import rt_torch as rt


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    numbers = range(1, len(DEMOS) + 1)
    parser.add_argument(
        "--only", type=int, nargs="+", choices=numbers, metavar="N", help=f"show only these of the {len(DEMOS)} parts"
    )
    parser.add_argument("--mode", choices=("pure", "native", "auto"), default="pure", help="where it computes")
    options = parser.parse_args()
    rt.set_acceleration(options.mode)
    if options.mode == "native" and not rt.is_ffi_available():
        print("native is not available here: this is pure Python (`python -m rt_torch doctor`)", file=sys.stderr)
    for number in options.only or numbers:
        demo = DEMOS[number - 1]
        print(f"{number}. {(demo.__doc__ or '').splitlines()[0]}")
        demo()
    return 0


def show(name: str, tensor: rt.Tensor | None) -> None:
    print(f"   {name} = {None if tensor is None else tensor.tolist()}")


def factor() -> None:
    """y = 2x has the slope 2 everywhere"""
    x = rt.tensor(3.0, requires_grad=True)
    y = 2 * x
    y.backward()
    show("y", y)
    show("dy/dx", x.grad)


def addition() -> None:
    """Of a sum, each term has the gradient 1"""
    a = rt.tensor(2.0, requires_grad=True)
    b = rt.tensor(3.0, requires_grad=True)
    c = a + b
    c.backward()
    show("c = a + b", c)
    show("dc/da", a.grad)
    show("dc/db", b.grad)


def product() -> None:
    """Of a product, each factor has the other one as its gradient"""
    a = rt.tensor([1.0, 2.0, 3.0], requires_grad=True)
    b = rt.tensor([4.0, 5.0, 6.0], requires_grad=True)
    c = a * b
    c.sum().backward()  # backward() starts at one number
    show("c = a * b", c)
    show("d sum(c)/da", a.grad)
    show("d sum(c)/db", b.grad)


def activation() -> None:
    """relu passes gradients where its input is positive"""
    x = rt.tensor([-2.0, -1.0, 0.0, 1.0, 2.0], requires_grad=True)
    y = x.relu()
    y.sum().backward()
    show("y = relu(x)", y)
    show("d sum(y)/dx", x.grad)  # at 0, where there is no slope, it is 0


def mean() -> None:
    """Of a mean, each of n elements has the gradient 1/n"""
    x = rt.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
    y = x.mean()
    y.backward()
    show("y = mean(x)", y)
    show("dy/dx", x.grad)


def chain() -> None:
    """The chain rule: z = (x + y) * x at x = 2, y = 3"""
    x = rt.tensor(2.0, requires_grad=True)
    y = rt.tensor(3.0, requires_grad=True)
    z = (x + y) * x
    z.backward()
    show("z", z)
    show("dz/dx", x.grad)  # 2x + y
    show("dz/dy", y.grad)  # x


def two_paths() -> None:
    """Gradients of several paths add up: c = a + b, d = c * a at a = 1, b = 2"""
    a = rt.tensor(1.0, requires_grad=True)
    b = rt.tensor(2.0, requires_grad=True)
    c = a + b
    d = c * a
    d.backward()
    show("d", d)
    # d = a^2 + ab, so dd/da = 2a + b, which is 4 here.  A guide to the program from which this example comes says 5: it
    # is wrong, as are gradients that look right and were never compared with anything.  The last demo compares.
    show("dd/da", a.grad)
    show("dd/db", b.grad)


def same_tensor() -> None:
    """So they do where a tensor is used again: x + x, x * x and x * 2 * 3 * 4 at x = 3"""
    uses: dict[str, Callable[[rt.Tensor], rt.Tensor]] = {
        "x + x": lambda x: x + x,
        "x * x": lambda x: x * x,
        "x * 2 * 3 * 4": lambda x: x * 2 * 3 * 4,
    }
    for name, use in uses.items():
        x = rt.tensor(3.0, requires_grad=True)
        use(x).backward()
        show(f"d({name})/dx", x.grad)


def matrix_product() -> None:
    """Of a matrix product C = A @ B with the gradient G: dA = G @ B.T, dB = A.T @ G"""
    a = rt.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    b = rt.tensor([[5.0, 6.0], [7.0, 8.0]], requires_grad=True)
    c = a @ b
    c.sum().backward()  # so G is full of ones
    show("C", c)
    show("dA", a.grad)  # [[12, 14], [12, 14]] was the comment of a test that compared shapes only
    show("dB", b.grad)


def layer() -> None:
    """The weights of a layer: z = X @ W"""
    x = rt.tensor([[1.0, 2.0]])
    w = rt.tensor([[0.5], [0.3]], requires_grad=True)
    z = x @ w
    z.backward()
    show("z", z)
    show("dz/dW", w.grad)  # the inputs
    show("dz/dX", x.grad)  # nobody asked for it


def accumulation() -> None:
    """Gradients stay until they are forgotten, which is why training has zero_grad()"""
    x = rt.tensor(3.0, requires_grad=True)
    (x * x).backward()
    show("d(x * x)/dx", x.grad)
    (x * x).backward()
    show("once more, added", x.grad)
    x.grad = None
    (x * x).backward()
    show("after forgetting", x.grad)
    with rt.no_grad():
        print(f"   recorded under no_grad: {(x * x).requires_grad}")


def second_derivative() -> None:
    """f = x^2 + 3x + 2 at x = 4, its slope, and the slope of that"""
    x = rt.tensor(4.0, requires_grad=True)
    f = x * x + 3 * x + 2
    (slope,) = rt.grad(f, x, create_graph=True)
    show("f", f)
    show("f'", slope)
    assert slope is not None  # as f depends on x
    (bend,) = rt.grad(slope, x)
    show("f''", bend)


def comparison() -> None:
    """The same by differences: (f(x + h) - f(x - h)) / 2h for each element"""

    def f(x: rt.Tensor) -> rt.Tensor:
        return ((x @ w).tanh().softmax(1) * x.exp()).mean()

    rt.manual_seed(0)
    w = rt.randn([3, 3])
    x = rt.randn([2, 3], requires_grad=True)
    f(x).backward()
    h = 1e-5
    differences = []
    for place in range(x.numel()):
        step = (rt.arange(x.numel()) == place).to("f64").reshape(x.shape) * h
        differences.append(((f(x.detach() + step) - f(x.detach() - step)) / (2 * h)).item())
    assert x.grad is not None
    error = (x.grad.flatten() - rt.tensor(differences)).abs().max().item()
    print(f"   f = mean(softmax(tanh(x @ w)) * exp(x)) has {x.numel()} slopes; they agree to 1e-9: {error < 1e-9}")


DEMOS: list[Callable[[], None]] = [
    factor,
    addition,
    product,
    activation,
    mean,
    chain,
    two_paths,
    same_tensor,
    matrix_product,
    layer,
    accumulation,
    second_derivative,
    comparison,
]

if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say that it was Ctrl-C
