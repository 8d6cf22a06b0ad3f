"""A TLS client of Python's standard library. Told what to do line by line: send HEX, read COUNT, close."""

import socket
import ssl
import sys

host, port, ca, cert, key, *alpn = sys.argv[1:]
context = ssl.create_default_context(cafile=ca)
if cert:
    context.load_cert_chain(cert, key)
if alpn:
    context.set_alpn_protocols(alpn)
raw = socket.create_connection((host, int(port)), 20)
print("connected", flush=True)
with context.wrap_socket(raw, server_hostname=host) as tls:
    print("ready", flush=True)
    for line in sys.stdin:
        word, *argument = line.split()
        if word == "send":
            tls.sendall(bytes.fromhex(argument[0]))
        elif word == "read":
            data = b""
            while len(data) < int(argument[0]):
                chunk = tls.recv(65536)
                if not chunk:
                    break
                data += chunk
            print("got", data.decode("latin-1"), flush=True)
        else:
            break
print("closed", flush=True)
