"""CUDA's runtime itself, without tensors: devices, a stream, events that take the time, memory and copies.

    python examples/cuda/simple_demo.py [--device cuda:0] [--megabytes 1]

Neither libtorch nor a CUDA toolkit is needed, only a GPU with its driver and CUDA's runtime library, which is a package
of a few MB: pip install nvidia-cuda-runtime-cu12.  Where one of them is missing, the program says which.
"""

from __future__ import annotations

import argparse

import rt_torch as rt


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--device", default="cuda:0", metavar="cuda:N", help="which GPU (default: %(default)s)")
    parser.add_argument("--megabytes", type=megabytes, default=1, metavar="N", help="size of a block (default: 1)")
    options = parser.parse_args()
    print("CUDA without tensors")
    if not rt.cuda.is_available():
        say_why()
        return 0
    show_devices()
    try:
        use(options.device, options.megabytes * 1_000_000)
    except rt.Error as error:
        print(error)
        return 1
    return 0


def megabytes(text: str) -> int:
    """What --megabytes may be."""
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 100000")
    return int(text)


def say_why() -> None:
    print("CUDA not available on this system")
    print(f"  {rt.cuda.why_unavailable()}")
    print('Tensors go on without it: rt.zeros([2], device="cpu") is on libtorch where that is there, and in pure')
    print("Python everywhere. `rt-torch doctor` tells what was looked for.")


def show_devices() -> None:
    runtime, driver = rt.cuda.runtime_version(), rt.cuda.driver_version()
    print(f"CUDA is available: runtime {spelled(runtime)}, driver for up to {spelled(driver or (0, 0))}")
    print(f"{rt.cuda.device_count()} devices:")
    for device in range(rt.cuda.device_count()):
        print(f"  cuda:{device}: {rt.cuda.get_device_name(device)}, {rt.cuda.get_device_memory(device) / 1e9:.1f} GB")


def spelled(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def use(device: str, size: int) -> None:
    """Fill a block of memory, copy it to another one, and take the time of both."""
    with (
        rt.cuda.CudaStream(device) as stream,
        rt.cuda.CudaEvent(device) as start,
        rt.cuda.CudaEvent(device) as end,
        rt.cuda.CudaDeviceMem(size, device) as first,
    ):
        print(f"a stream of cuda:{stream.device}, and two events")
        print(f"a block of {size / 1e6:g} MB on cuda:{first.device}")
        first.memset(0, stream=stream)  # once before the clock runs: the first piece of work takes longer
        start.record(stream)
        first.memset(42, stream=stream)
        end.record(stream)
        end.synchronize()
        print(f"filled in {took(start.elapsed_time(end), size)}")
        with rt.cuda.CudaDeviceMem(size, device) as second:
            print("a second block")
            start.record(stream)
            first.copy_to(second, stream=stream)
            end.record(stream)
            end.synchronize()
            print(f"copied in {took(start.elapsed_time(end), size)}")
            print(f"the stream has {'done all its work' if stream.query() else 'still something to do'}")
            print(f"the last byte of the copy is {second.tobytes(1, offset=size - 1)[0]}, and 42 was filled in")
    print("all of it is given back")


def took(milliseconds: float, size: int) -> str:
    rate = size / milliseconds / 1e6 if milliseconds > 0 else 0.0
    return f"{milliseconds:.3f} ms, {rate:,.1f} GB/s"


if __name__ == "__main__":
    raise SystemExit(main())
