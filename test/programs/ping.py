"""Pings an address: `ping.py ADDRESS COUNT [INTERVAL_S] [BYTES] [SECONDS]`, over IPv4 or IPv6, with a raw socket.

Prints one JSON object: sent, received, first (seconds from the first request to the first answer, or null), rtt_ms.
Sends on until COUNT answers came, at most COUNT + 600 requests. Exits with 0 where they did. With SECONDS it sends for that
long instead, each request at its time whatever comes, and waits for answers a second more.
"""
import json
import os
import select
import socket
import struct
import sys
import time


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def main():
    address, count = sys.argv[1], int(sys.argv[2])
    interval = float(sys.argv[3]) if len(sys.argv) > 3 else 0.1
    payload = b"\xa5" * (int(sys.argv[4]) if len(sys.argv) > 4 else 56)
    seconds = float(sys.argv[5]) if len(sys.argv) > 5 else None
    six = ":" in address
    family, protocol = (socket.AF_INET6, 58) if six else (socket.AF_INET, 1)
    request, reply = (128, 129) if six else (8, 0)
    sock = socket.socket(family, socket.SOCK_RAW, protocol)
    mark = os.getpid() & 0xFFFF
    sent, rtts, first, times = 0, [], None, {}
    begun = next_at = time.monotonic()
    while True:
        now = time.monotonic()
        if seconds is None and (len(rtts) >= count or sent >= count + 600):
            break
        if seconds is not None and now >= begun + seconds + 1:
            break
        is_over = seconds is not None and now >= begun + seconds
        if is_over:
            next_at = begun + seconds + 1
        if now >= next_at and not is_over:
            head = struct.pack("!BBHHH", request, 0, 0, mark, sent & 0xFFFF)
            # The kernel fills in the checksum of ICMPv6 itself.
            total = 0 if six else checksum(head + payload)
            times[sent & 0xFFFF] = now
            sent += 1
            next_at = now + interval if seconds is None else next_at + interval
            try:
                sock.sendto(struct.pack("!BBHHH", request, 0, total, mark, (sent - 1) & 0xFFFF) + payload, (address, 0))
            except OSError:
                pass
        if not select.select([sock], [], [], max(0, next_at - time.monotonic()))[0]:
            continue
        data, (source, *_) = sock.recvfrom(65535)
        if not six:
            data = data[(data[0] & 15) * 4:]
        kind, _, _, whose, number = struct.unpack("!BBHHH", data[:8])
        if kind == reply and whose == mark and number in times and data[8:] == payload:
            now = time.monotonic()
            first = now - begun if first is None else first
            rtts.append(round((now - times.pop(number)) * 1000, 3))
    print(json.dumps({"sent": sent, "received": len(rtts), "first": first, "rtt_ms": rtts}))
    sys.exit(0 if len(rtts) >= count else 1)


main()
