#!/usr/bin/env node
// Writes a "planet" file (world definition) for a private lab.
//
//   zt-mkplanet.mjs <out-file> <identity.public string or file> <ip/port>[,<ip/port>...] [<identity> <endpoints> ...]
//
// Options (environment): PLANET_ID (decimal or 0x hex), PLANET_TS (ms), PLANET_KEY (file that keeps the 128-byte
// signing key so that a newer planet can be signed later; created when missing).
//
// Layout and signature: see shared/protocol/vl1.md (worlds) and vl2.md section "Signatures".
import { createHash, generateKeyPairSync, createPrivateKey, sign as edSign } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';

const [out, ...rest] = process.argv.slice(2);
if (!out || rest.length < 2 || rest.length % 2 !== 0) {
  console.error(
    'usage: zt-mkplanet.mjs <out> <identity> <ip/port,...> [<identity> <ip/port,...>]...',
  );
  process.exit(2);
}

const u8 = (n) => Buffer.from([n]);
const u16 = (n) => {
  const b = Buffer.alloc(2);
  b.writeUInt16BE(n);
  return b;
};
const u64 = (n) => {
  const b = Buffer.alloc(8);
  b.writeBigUInt64BE(BigInt(n));
  return b;
};

function identityBytes(arg) {
  const text = (existsSync(arg) ? readFileSync(arg, 'utf8') : arg).trim();
  const [addr, type, pub] = text.split(':');
  if (!/^[0-9a-f]{10}$/i.test(addr) || type !== '0' || !/^[0-9a-f]{128}$/i.test(pub))
    throw new Error(`bad identity: ${arg}`);
  return Buffer.concat([Buffer.from(addr, 'hex'), u8(0), Buffer.from(pub, 'hex'), u8(0)]); // last byte: no private part
}

function endpointBytes(text) {
  const [ip, port] = text.split('/');
  if (isIPv4(ip))
    return Buffer.concat([u8(4), Buffer.from(ip.split('.').map(Number)), u16(Number(port))]);
  const halves = ip.split('::');
  const words = (s) => (s ? s.split(':').map((w) => parseInt(w, 16)) : []);
  const head = words(halves[0]);
  const tail = words(halves[1]);
  const full =
    halves.length === 2
      ? [...head, ...Array(8 - head.length - tail.length).fill(0), ...tail]
      : head;
  if (full.length !== 8) throw new Error(`bad endpoint: ${text}`);
  return Buffer.concat([u8(6), ...full.map(u16), u16(Number(port))]);
}

// A key pair is an X25519 half followed by an Ed25519 half, 64 bytes public + 64 bytes private.
function loadOrMakeKey(file) {
  if (file && existsSync(file)) {
    const b = readFileSync(file);
    return { pub: b.subarray(0, 64), priv: b.subarray(64, 128) };
  }
  const raw = (k, type) => Buffer.from(k.export({ format: 'jwk' })[type], 'base64url');
  const dh = generateKeyPairSync('x25519');
  const ed = generateKeyPairSync('ed25519');
  const pub = Buffer.concat([raw(dh.publicKey, 'x'), raw(ed.publicKey, 'x')]);
  const priv = Buffer.concat([raw(dh.privateKey, 'd'), raw(ed.privateKey, 'd')]);
  if (file) writeFileSync(file, Buffer.concat([pub, priv]), { mode: 0o600 });
  return { pub, priv };
}

function signature96(key, message) {
  const digest = createHash('sha512').update(message).digest().subarray(0, 32);
  const jwk = {
    kty: 'OKP',
    crv: 'Ed25519',
    x: key.pub.subarray(32).toString('base64url'),
    d: key.priv.subarray(32).toString('base64url'),
  };
  return Buffer.concat([
    edSign(null, digest, createPrivateKey({ key: jwk, format: 'jwk' })),
    digest,
  ]);
}

const roots = [];
for (let i = 0; i < rest.length; i += 2) {
  const eps = rest[i + 1].split(',').map(endpointBytes);
  roots.push(Buffer.concat([identityBytes(rest[i]), u8(eps.length), ...eps]));
}
roots.sort(Buffer.compare);

const key = loadOrMakeKey(process.env.PLANET_KEY);
const head = Buffer.concat([
  u8(1),
  u64(process.env.PLANET_ID ?? 227883110),
  u64(process.env.PLANET_TS ?? Date.now()),
  key.pub,
]);
const body = Buffer.concat([u8(roots.length), ...roots]);
const sig = signature96(
  key,
  Buffer.concat([Buffer.alloc(8, 0x7f), head, body, Buffer.alloc(8, 0xf7)]),
);
writeFileSync(out, Buffer.concat([head, sig, body]));
console.log(`${out}: ${head.length + 96 + body.length} bytes, ${roots.length} root(s)`);
