#!/usr/bin/env bash
# Run by zt-lab.sh inside a lab whose A and B are in a network: traffic of every kind, a line each, `ok` or `FAIL`.
set -u
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
in_() { ip netns exec "$1" "${@:2}"; }
try() { # <name> <command …>
  local name=$1; shift
  if "$@" >"$work/out" 2>&1; then echo "ok    $name  $(grep -oE 'rtt .*' "$work/out" | sed 's/.*= /min\/avg\/max\/mdev ms /')"
  else echo "FAIL  $name  $(tail -n 2 "$work/out" | tr '\n' ' ')"; fi
}
v6_of() { ip -n "$1" -6 -o addr show scope global | grep -oE "inet6 $2[0-9a-f:]+" | cut -d' ' -f2 | head -n 1; }
dev_of() { ip -n "$1" -o addr show | awk -v ip="$2/" 'index($4, ip) == 1 { print $2 }'; }

try 'IPv4 A to B' in_ "$NS_A" ping -q -c 5 -i 0.2 -W 2 "$IP_B"
try 'IPv4 B to A' in_ "$NS_B" ping -q -c 5 -i 0.2 -W 2 "$IP_A"
try 'fragments A to B' in_ "$NS_A" ping -q -c 5 -i 0.2 -s 2700 -W 2 "$IP_B"
try 'fragments B to A' in_ "$NS_B" ping -q -c 5 -i 0.2 -s 2700 -W 2 "$IP_A"
for prefix in fd fc; do
  name=$([ $prefix = fd ] && echo 'RFC 4193' || echo 6PLANE)
  try "$name A to B" in_ "$NS_A" ping -6 -q -c 3 -i 0.3 -W 3 "$(v6_of "$NS_B" $prefix)"
  try "$name B to A" in_ "$NS_B" ping -6 -q -c 3 -i 0.3 -W 3 "$(v6_of "$NS_A" $prefix)"
done
answers() { # <namespace> <ping arguments …>: an echo that somebody besides ourselves answers
  in_ "$1" ping -c 4 -i 0.5 -W 3 "${@:2}" >"$work/many"
  tail -n 2 "$work/many"
  grep -qE "$others" "$work/many"
}
others='duplicates'
try 'multicast A' answers "$NS_A" -6 "ff02::1%$(dev_of "$NS_A" "$IP_A")"
try 'multicast B' answers "$NS_B" -6 "ff02::1%$(dev_of "$NS_B" "$IP_B")"
for ns in "$NS_A" "$NS_B"; do in_ "$ns" sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0; done
others="from $IP_B"; try 'broadcast A' answers "$NS_A" -b 10.144.0.255
others="from $IP_A"; try 'broadcast B' answers "$NS_B" -b 10.144.0.255

tcp() { # <from> <to> <address>: 32 MiB, digests compared
  in_ "$2" timeout 30 python3 -c "
import hashlib, socket
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('$3', 5001)); s.listen(1)
c, _ = s.accept(); h = hashlib.sha256()
while d := c.recv(65536): h.update(d)
print(h.hexdigest())" >"$work/received" &
  sleep 1
  in_ "$1" timeout 30 python3 -c "
import hashlib, os, socket
d = os.urandom(1 << 20); h = hashlib.sha256(); s = socket.create_connection(('$3', 5001))
for _ in range(32): s.sendall(d); h.update(d)
s.close(); print(h.hexdigest())" >"$work/sent"
  wait
  [ -s "$work/sent" ] && cmp "$work/sent" "$work/received"
}
try 'TCP 32 MiB A to B' tcp "$NS_A" "$NS_B" "$IP_B"
try 'TCP 32 MiB B to A' tcp "$NS_B" "$NS_A" "$IP_A"

# B is put out, and let in again, by the controller in R: other members refuse its frames within a second.
api() { in_ "$NS_R" curl -sS -m 10 -X POST -H "X-ZT1-Auth: $TOKEN_R" --data "$1" "http://127.0.0.1:$PORT_R/controller/network/$NWID/member/$ADDR_B" >/dev/null; }
refused() { api '{"authorized":false}'; sleep 1.5; ! in_ "$NS_B" ping -q -c 2 -i 0.3 -W 1 "$IP_A"; }
admitted() { api '{"authorized":true}'; sleep 1.5; in_ "$NS_B" ping -q -c 10 -i 0.5 -W 1 "$IP_A"; }
try 'B put out' refused
try 'B let in again' admitted
