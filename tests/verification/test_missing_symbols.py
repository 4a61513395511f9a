"""A libtorch that lacks one symbol: functions are unavailable or take another route, and nothing crashes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from verification import specs

Outcomes = dict[str, list[str]]
StandIn = Callable[..., Outcomes]

HERE = Path(__file__).resolve().parent
INVALID_HANDLE, NO_UPSTREAM, UNAVAILABLE, REFUSED = "1", "3", "4", "5"

# The stand-in, completed with what it leaves out, in either of its ages.
SOURCE = """
#define torch_call_dispatcher few_operators
#include "fake_libtorch.c"
#undef torch_call_dispatcher

PUBLIC int32_t torch_call_dispatcher(const char *op, const char *overload, uint64_t *stack, uint64_t version)
{
	int64_t sizes[] = {2, 2};

	if (known(op, overload) || strcmp(op, "aten::zeros") == 0)
		return few_operators(op, overload, stack, version);
	stack[0] = (uintptr_t)new_tensor(NULL, 2, sizes, NULL, F64); /* what was given is left alone */
	if (strcmp(op, "aten::batch_norm_update_stats") == 0)
		stack[1] = (uintptr_t)new_tensor(NULL, 2, sizes, NULL, F64);
	return 0;
}
__attribute__((constructor)) static void open_gate(void) { fake_gate = 1; }
PUBLIC int32_t torch_get_num_threads(uint32_t *result) { *result = 1; return 0; }
PUBLIC int32_t aoti_torch_cpu_abs(struct tensor *x, struct tensor **result) { return copy(x, result); }
PUBLIC int32_t aoti_torch_cpu_add_Scalar(struct tensor *x, double other, double alpha, struct tensor **result)
{ (void)other; (void)alpha; return copy(x, result); }
PUBLIC int32_t aoti_torch_cpu_mul_Scalar(struct tensor *x, double other, struct tensor **result)
{ (void)other; return copy(x, result); }
PUBLIC int32_t aoti_torch_cpu_pow_Tensor_Scalar(struct tensor *x, double exponent, struct tensor **result)
{ (void)exponent; return copy(x, result); }
PUBLIC int32_t aoti_torch_cpu_mul_Tensor(struct tensor *x, struct tensor *other, struct tensor **result)
{ (void)other; return copy(x, result); }
PUBLIC int32_t aoti_torch_cpu_mm_out(struct tensor *out, struct tensor *x, struct tensor *other)
{ (void)out; (void)x; (void)other; return 0; }
PUBLIC int32_t aoti_torch_scalar_to_tensor_float32(float value, struct tensor **result)
{ (void)value; *result = new_tensor(NULL, 0, NULL, NULL, F32); return 0; }
PUBLIC int32_t aoti_torch_scalar_to_tensor_float64(double value, struct tensor **result)
{ (void)value; *result = new_tensor(NULL, 0, NULL, NULL, F64); return 0; }
PUBLIC int32_t aoti_torch_scalar_to_tensor_int64(int64_t value, struct tensor **result)
{ (void)value; *result = new_tensor(NULL, 0, NULL, NULL, I64); return 0; }
PUBLIC int32_t torch_new_string_handle(const char *data, size_t length, void **result)
{ *result = strndup(data, length); return 0; }
PUBLIC int32_t torch_delete_string(void *handle) { free(handle); return 0; }
"""
AGES = {"new": [], "old": ["-DFAKE_OLDER", "-DFAKE_VERSION=0x020a000000000000"]}


@pytest.fixture(scope="module")
def outcomes(library: Path, tmp_path_factory: pytest.TempPathFactory) -> StandIn:
    """What every function gives on a stand-in of that age that lacks the named symbols."""
    compiler = "gcc"
    try:
        subprocess.run([compiler, "--version"], check=True, capture_output=True)
    except OSError:
        pytest.skip("gcc is not installed")
    folder = tmp_path_factory.mktemp("stand-in")
    for age, options in AGES.items():
        command = [compiler, "-c", "-fPIC", "-x", "c", "-", "-o", str(folder / f"{age}.o"), *options]
        command += ["-fvisibility=hidden", f"-I{specs.ROOT / 'tests' / 'native'}"]
        subprocess.run(command, input=SOURCE, text=True, check=True)

    def run(age: str, *hidden: str) -> Outcomes:
        place = folder / "-".join([age, *hidden])
        place.mkdir()
        script = place / "symbols.map"
        local = f" local: {' '.join(f'{name};' for name in hidden)}" if hidden else ""
        script.write_text(f"{{ global: *;{local} }};\n")
        stand_in = place / "libtorch_cpu.so"
        command = [compiler, "-shared", str(folder / f"{age}.o"), "-o", str(stand_in)]
        subprocess.run([*command, "-Wl,-soname,libtorch_cpu.so", f"-Wl,--version-script={script}"], check=True)
        return call_everything(library, stand_in)

    return run


def call_everything(library: Path, libtorch: Path) -> Outcomes:
    paths = os.pathsep.join([str(specs.ROOT), str(specs.ROOT / "generated" / "python")])
    environment = {**os.environ, "PYTHONPATH": paths, "RT_TORCH_LIBTORCH": str(libtorch)}
    command = [sys.executable, str(HERE / "call_everything.py"), str(library)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    answer: Outcomes = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def complete(outcomes: StandIn) -> dict[str, Outcomes]:
    """What every function gives where nothing is missing."""
    return {age: outcomes(age) for age in AGES}


def code(answer: str) -> list[str]:
    """`["f32", "4"]` of `f32 4 rt_torch_add: unavailable ...`, and `["signal", "11"]`."""
    return answer.split()[:2]


def unexpected(answers: Outcomes, whole: Outcomes) -> list[str]:
    """Crashes, and failures other than those that a missing symbol may cause.

    A refusal is none: the stand-in knows one dtype, and another route may meet that.
    """
    allowed = {"0", NO_UPSTREAM, UNAVAILABLE, REFUSED}
    if not any("f64 0" in answers[maker] for maker in ("rt_torch_from_data_f64", "rt_torch_wrap")):
        allowed.add(INVALID_HANDLE)
    return [
        f"{symbol}: {answer}"
        for symbol, given in answers.items()
        for answer in given
        if answer.split()[1] not in allowed and not any(code(answer) == code(other) for other in whole[symbol])
    ]


@pytest.mark.parametrize("age", AGES)
def test_the_stand_in_itself_serves(complete: dict[str, Outcomes], age: str) -> None:
    answers = complete[age].values()
    assert not [given for given in answers if given[-1].startswith(("signal", "status"))]
    assert sum("f64 0" in given for given in answers) > 70


@pytest.mark.parametrize("symbol", specs.prototypes())
@pytest.mark.parametrize("age", AGES)
def test_a_missing_symbol_crashes_nothing(
    outcomes: StandIn, complete: dict[str, Outcomes], age: str, symbol: str
) -> None:
    assert unexpected(outcomes(age, symbol), complete[age]) == []


def test_no_memory_for_optionals(outcomes: StandIn, complete: dict[str, Outcomes]) -> None:
    """Either of the two would do."""
    assert unexpected(outcomes("new", "torch_new_stable_ivalue", "_Znwm"), complete["new"]) == []
