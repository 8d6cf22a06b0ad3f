"""Captures the UDP datagrams that cross an interface into a pcap file: `capture.py DEVICE FILE`, until SIGTERM.

Says `capturing` when it does, and at the end how many frames the kernel dropped because it was too slow. Not tcpdump:
that insists on changing its user, which nobody may in a user namespace with one user.
"""
import signal
import socket
import struct
import sys
import time

PACKET_ADD_MEMBERSHIP, PACKET_STATISTICS, PACKET_MR_PROMISC, SOL_PACKET, ETH_P_ALL = 1, 6, 1, 263, 3


def is_udp(frame):
    ethertype = frame[12:14]
    return (ethertype == b"\x08\x00" and frame[23] == 17) or (ethertype == b"\x86\xdd" and frame[20] == 17)


def main():
    device, file = sys.argv[1:]
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(SystemExit))
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
    sock.bind((device, 0))
    index = socket.if_nametoindex(device)
    sock.setsockopt(SOL_PACKET, PACKET_ADD_MEMBERSHIP, struct.pack("IHH8s", index, PACKET_MR_PROMISC, 0, b""))
    with open(file, "wb", buffering=0) as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        print("capturing", flush=True)
        try:
            while True:
                frame, (_, _, kind, *_) = sock.recvfrom(65535)
                if kind == socket.PACKET_OUTGOING or not is_udp(frame):
                    continue
                now = time.time_ns() // 1000
                out.write(struct.pack("<IIII", now // 1000000, now % 1000000, len(frame), len(frame)) + frame)
        finally:
            _, dropped = struct.unpack("II", sock.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
            print("dropped", dropped, flush=True)


main()
