"""Runs a program in a real pseudo-terminal: terminal.py KEYS PROGRAM ARGS...

KEYS is sent once the program has asked for a secret (its prompt ends in ': '). Prints one JSON document: the
exit status, everything that the terminal showed, and whether the terminal echoed before, during and after.
"""
import fcntl, json, os, pty, select, struct, sys, termios, time

keys = sys.argv[1].encode().decode('unicode_escape').encode('latin-1')
primary, secondary = pty.openpty()
if 'PTY_COLUMNS' in os.environ:
    fcntl.ioctl(secondary, termios.TIOCSWINSZ, struct.pack('HHHH', 24, int(os.environ['PTY_COLUMNS']), 0, 0))
echo = lambda: bool(termios.tcgetattr(secondary)[3] & termios.ECHO)
before = echo()
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(secondary, termios.TIOCSCTTY, 0)
    stdin = os.environ.get('PTY_STDIN')
    os.dup2(os.open(stdin, os.O_RDONLY) if stdin else secondary, 0)
    stderr = os.environ.get('PTY_STDERR')
    os.dup2(secondary, 1)
    os.dup2(os.open(stderr, os.O_WRONLY | os.O_CREAT) if stderr else secondary, 2)
    os.execvp(sys.argv[2], sys.argv[2:])
shown, during, sent, deadline = b'', None, False, time.time() + 20
status = None
while time.time() < deadline:
    ready, _, _ = select.select([primary], [], [], 0.05)
    if ready:
        shown += os.read(primary, 4096)
    if not sent and shown.rstrip(b' ').endswith(b':'):
        time.sleep(0.1)
        during = echo()
        os.write(primary, keys)
        sent = True
    done, raw = os.waitpid(pid, os.WNOHANG)
    if done:
        status = os.waitstatus_to_exitcode(raw)
        while select.select([primary], [], [], 0.1)[0]:
            shown += os.read(primary, 4096)
        break
else:
    os.kill(pid, 9)
print(json.dumps({'status': status, 'shown': shown.decode('utf-8', 'replace'), 'echo': [before, during, echo()]}))
