"""Take from the current process, for good, the right to open a socket: on Linux, by a seccomp filter.

The queries' text is checked for SERVICE before (`nutgraf.dataset.clauses`), as pyoxigraph would send the
request. This is the second lock on that door, for the case that the first has a gap. On other systems, and
where the kernel has no seccomp, there is only the first.

Source: https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from typing import Final

_SOCKET: Final = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Machine → its AUDIT_ARCH and the number of its system call `socket`."""
_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2
_LOAD: Final = 0x20
_JUMP_IF_EQUAL: Final = 0x15
_JUMP_IF_GREATER_OR_EQUAL: Final = 0x35
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | errno.EACCES
_OTHER_NUMBERING: Final = 0x40000000
"""From here on, x86-64 numbers its calls in another way."""


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def forbid_network() -> bool:
    """Make every later attempt to open a socket fail.

    Returns:
        Whether the system does so from now on.
    """
    known = _SOCKET.get(platform.machine())
    if not sys.platform.startswith("linux") or known is None:
        return False
    architecture, number = known
    program = b"".join(
        struct.pack("=HBBI", *instruction)
        for instruction in (
            (_LOAD, 0, 0, 4),  # the architecture
            (_JUMP_IF_EQUAL, 1, 0, architecture),
            (_RETURN, 0, 0, _REFUSE),
            (_LOAD, 0, 0, 0),  # the number of the call
            (_JUMP_IF_GREATER_OR_EQUAL, 1, 0, _OTHER_NUMBERING),
            (_JUMP_IF_EQUAL, 0, 1, number),
            (_RETURN, 0, 0, _REFUSE),
            (_RETURN, 0, 0, _ALLOW),
        )
    )
    buffer = ctypes.create_string_buffer(program, len(program))
    described = _Filter(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(described), 0, 0)
