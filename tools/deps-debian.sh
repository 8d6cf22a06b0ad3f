#!/usr/bin/env bash
# Installs the packages of debian-packages.txt that are missing. Idempotent, and quiet when there is nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
while read -r package; do
  case $package in '' | '#'*) continue ;; esac
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done <debian-packages.txt

if [ ${#missing[@]} -eq 0 ]; then
  echo 'deps:debian: everything is installed'
  exit 0
fi
echo "deps:debian: installing ${missing[*]}"
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
echo 'deps:debian: done'
