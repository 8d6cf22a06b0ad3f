"""A TLS server that is not ours, by Python's standard library; how it behaves is its first argument.

first      answers each read with what it read
pieces     answers each read with 30 bytes in three writes
close      answers one read and closes
banner     greets first, then answers each line with a line
tickets    as first, and says of each connection whether it was resumed
mute       reads and never answers
hang-up    closes once it has read something
spy        says how many bytes a connection brought
garbage    agrees on our protocol and answers with bytes that are no frame
plain      no TLS at all: says hello
silent     no TLS at all: says nothing
"""

import socket
import ssl
import sys
import threading

mode, cert, key = sys.argv[1:4]
listener = socket.create_server(("127.0.0.1", 0), backlog=64)
print("listening", listener.getsockname()[1], flush=True)


def serve(raw):
    if mode == "plain":
        raw.sendall(b"220 hello, this is no TLS\r\n")
    if mode in ("plain", "silent"):
        while raw.recv(4096):
            pass
        return
    with context.wrap_socket(raw, server_side=True) as tls:
        if mode == "tickets":
            print("resumed" if tls.session_reused else "full", flush=True)
        if mode == "banner":
            tls.sendall(b"220 some server\n")
        while data := tls.recv(4096):
            if mode == "spy":
                print("read", len(data), flush=True)
            elif mode in ("first", "tickets"):
                tls.sendall(data)
            elif mode == "pieces":
                for _ in range(3):
                    tls.sendall(b"0123456789")
            elif mode == "close":
                tls.sendall(b"good bye")
                tls.unwrap()
                return
            elif mode == "banner":
                tls.sendall(b"250 \x1b[2J" + data)
            elif mode == "garbage":
                tls.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            elif mode == "hang-up":
                return


def guarded(raw):
    try:
        with raw:
            serve(raw)
    except OSError:
        pass


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
if cert:
    context.load_cert_chain(cert, key)
if mode in ("garbage", "mute", "hang-up", "spy"):
    context.set_alpn_protocols(["overspan-rr/1", "overspan-enrol/1"])
while True:
    threading.Thread(target=guarded, args=(listener.accept()[0],), daemon=True).start()
