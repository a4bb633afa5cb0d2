"""No sockets, for good: what keeps queries from reaching out where files must stay open (seccomp(2), Linux).

A filter in the kernel fails socket(2) and connect(2) of this process, whatever its native code tries.
"""

import ctypes
import errno
import os
import platform
from typing import Final

_CALLS: Final = {"x86_64": (41, 42), "aarch64": (198, 203)}
"""The numbers of socket and connect, by machine (asm/unistd.h)."""
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06  # BPF: load a word, jump if equal, return a constant
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000 | errno.EACCES
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2  # prctl(2)


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("filter", ctypes.POINTER(_Instruction)))


def possible() -> bool:
    """Whether this machine has such filters."""
    return platform.system() == "Linux" and platform.machine() in _CALLS


def seal() -> None:
    """Take sockets away from this thread and those it starts; raises OSError where the kernel does not."""
    socket, connect = _CALLS[platform.machine()]
    steps = (
        _Instruction(_LOAD, 0, 0, 0),  # the number of the call
        _Instruction(_EQUAL, 2, 0, socket),
        _Instruction(_EQUAL, 1, 0, connect),
        _Instruction(_RETURN, 0, 0, _ALLOW),
        _Instruction(_RETURN, 0, 0, _FAIL),
    )
    program = _Program(len(steps), (_Instruction * len(steps))(*steps))
    libc = ctypes.CDLL(None, use_errno=True)
    for arguments in ((_NO_NEW_PRIVILEGES, 1, 0, 0, 0), (_SECCOMP, _FILTER, ctypes.byref(program))):
        if libc.prctl(*arguments):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
