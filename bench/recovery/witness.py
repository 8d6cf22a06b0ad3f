"""Sees when something happens on a host; each line of its output begins with CLOCK_MONOTONIC in nanoseconds.

  witness.py ping ADDRESS INTERVAL_S BYTES    `BACK SENT` for each answer to an ICMP echo request, sent without an end
  witness.py wire DEVICE                      `AT out|in PEER BYTES` for each UDP datagram over IPv4 on a device
  witness.py online PORT TOKEN_FILE           `AT` once the API on loopback says that its node is online
"""
import json
import os
import select
import socket
import struct
import sys
import time


def say(*words):
    try:
        print(*words, flush=True)
    except BrokenPipeError:
        os._exit(0)


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def ping(address, interval_s, length):
    sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    mark = os.getpid() & 0xFFFF
    payload = b"\xa5" * (length // 2 * 2)
    number, sent = 0, {}
    next_at = time.monotonic()
    say("ready")
    while True:
        if time.monotonic() >= next_at:
            next_at = max(next_at + interval_s, time.monotonic())
            number = (number + 1) & 0xFFFF
            head = struct.pack("!BBHHH", 8, 0, 0, mark, number)
            total = checksum(head + payload)
            sent[number] = time.monotonic_ns()
            try:
                sock.sendto(struct.pack("!BBHHH", 8, 0, total, mark, number) + payload, (address, 0))
            except OSError:
                pass  # No route yet, or no neighbour: the next one may have them.
        if not select.select([sock], [], [], max(0, next_at - time.monotonic()))[0]:
            continue
        data = sock.recv(65535)
        now = time.monotonic_ns()
        data = data[(data[0] & 15) * 4:]
        kind, _, _, whose, which = struct.unpack("!BBHHH", data[:8])
        if kind == 0 and whose == mark and which in sent and data[8:] == payload:
            say(now, sent.pop(which))


def wire(device):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    sock.bind((device, 3))
    say("ready")
    while True:
        data, (_, protocol, kind, *_) = sock.recvfrom(65535)
        now = time.monotonic_ns()
        if protocol != 0x0800 or data[9] != socket.IPPROTO_UDP:
            continue
        is_out = kind == socket.PACKET_OUTGOING
        peer = socket.inet_ntoa(data[16:20] if is_out else data[12:16])
        say(now, "out" if is_out else "in", peer, len(data) - (data[0] & 15) * 4 - 8)


def online(port, token_file):
    say("ready")
    while True:
        try:
            with open(token_file) as file:
                token = file.read().strip()
            with socket.create_connection(("127.0.0.1", port), 1) as sock:
                sock.sendall(b"GET /status HTTP/1.0\r\nHost: 127.0.0.1\r\nX-ZT1-Auth: %s\r\n\r\n" % token.encode())
                answer = b""
                while part := sock.recv(65536):
                    answer += part
            if json.loads(answer.partition(b"\r\n\r\n")[2]).get("online") is True:
                say(time.monotonic_ns())
                return
        except (OSError, ValueError):
            pass  # Not started yet.
        time.sleep(0.005)


mode, *words = sys.argv[1:]
if mode == "ping":
    ping(words[0], float(words[1]), int(words[2]))
elif mode == "wire":
    wire(words[0])
elif mode == "online":
    online(int(words[0]), words[1])
