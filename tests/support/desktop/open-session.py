"""Opens a logind session on the bus in DBUS_SYSTEM_BUS_ADDRESS and runs a command as its leader.

Prints the session's id. The session lasts as long as this program: logind closes it when the pipe it hands out is closed.
Usage: open-session.py DISPLAY COMMAND...
"""

import os
import sys
import time

import dbus

display, command = sys.argv[1], sys.argv[2:]
ready, go = os.pipe()
leader = os.fork()
if leader == 0:
    os.close(go)
    os.read(ready, 1)
    os.environ["DISPLAY"] = display
    os.execvp(command[0], command)
os.close(ready)
bus = dbus.SystemBus()
for _ in range(100):
    if bus.name_has_owner("org.freedesktop.login1"):
        break
    time.sleep(0.05)
manager = dbus.Interface(
    bus.get_object("org.freedesktop.login1", "/org/freedesktop/login1"),
    "org.freedesktop.login1.Manager",
)
answer = manager.CreateSession(
    dbus.UInt32(os.getuid()), dbus.UInt32(leader), "test", "x11", "user", "", "",
    dbus.UInt32(0), "", display, False, "", "", dbus.Array([], signature="(sv)"),
)
session_pipe = answer[3].take()
print(answer[0], flush=True)
os.write(go, b"!")
os.waitpid(leader, 0)
os.close(session_pipe)
