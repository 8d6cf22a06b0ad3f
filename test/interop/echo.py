"""Sends ICMP echo requests and tells who answered: `echo.py ADDRESS COUNT INTERVAL_S BYTES WAIT_S ANSWERS [DEVICE]`.

IPv4 or IPv6; the address may be a broadcast or a multicast one, then with the device. Prints one JSON object: sent,
received (requests that anybody answered), first_unix_ms (when the first answer came, or null), rtt_ms
(of first answers), sources (every address that answered). Ends WAIT_S after the last request; earlier when ANSWERS
requests were answered and the address is one host's.
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
    address, count, interval = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    payload, wait = b"\xa5" * int(sys.argv[4]), float(sys.argv[5])
    enough, device = int(sys.argv[6]), sys.argv[7] if len(sys.argv) > 7 else None
    six = ":" in address
    family, protocol = (socket.AF_INET6, 58) if six else (socket.AF_INET, 1)
    request, reply = (128, 129) if six else (8, 0)
    sock = socket.socket(family, socket.SOCK_RAW, protocol)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    to = (address, 0, 0, socket.if_nametoindex(device) if device else 0) if six else (address, 0)
    mark = os.getpid() & 0xFFFF
    sent_at, answered, rtts, sources, first, failure = {}, set(), [], set(), None, None
    next_at = time.monotonic()
    while len(sent_at) < count or time.monotonic() < next_at:
        if device is None and len(answered) >= enough:
            break
        now = time.monotonic()
        if now >= next_at and len(sent_at) < count:
            number = len(sent_at)
            head = struct.pack("!BBHHH", request, 0, 0, mark, number)
            # The kernel fills in the checksum of ICMPv6 itself.
            total = 0 if six else checksum(head + payload)
            sent_at[number] = now
            try:
                sock.sendto(struct.pack("!BBHHH", request, 0, total, mark, number) + payload, to)
            except OSError as error:
                failure = str(error)
            next_at = now + (interval if len(sent_at) < count else wait)
        if not select.select([sock], [], [], max(0, next_at - time.monotonic()))[0]:
            continue
        data, (source, *_) = sock.recvfrom(65535)
        if not six:
            data = data[(data[0] & 15) * 4:]
        kind, _, _, whose, number = struct.unpack("!BBHHH", data[:8])
        if kind != reply or whose != mark or number not in sent_at or data[8:] != payload:
            continue
        now = time.monotonic()
        first = time.time() * 1000 if first is None else first
        sources.add(source.split("%")[0])
        if number not in answered:
            answered.add(number)
            rtts.append(round((now - sent_at[number]) * 1000, 3))
    print(json.dumps({"sent": len(sent_at), "received": len(answered), "first_unix_ms": first, "rtt_ms": rtts,
                      "sources": sorted(sources), "failure": failure}))


main()
