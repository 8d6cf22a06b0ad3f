/** Moves bytes over TCP between two hosts and compares their SHA-256, by Node alone. */
import type { NodeHost } from './node-lab.ts';

const port = 4711;

/** Receives one connection to its end; prints how many bytes and their digest. */
const receiver = `
  const hash = require('node:crypto').createHash('sha256');
  let bytes = 0;
  require('node:net').createServer((socket) => {
    socket.on('data', (chunk) => { hash.update(chunk); bytes += chunk.length; });
    socket.on('end', () => { console.log(JSON.stringify({ bytes, digest: hash.digest('hex') })); process.exit(); });
  }).listen(${port}, process.argv[1], () => console.log('listening'));`;

/** Sends so many MiB that do not compress; prints the same. */
const sender = `
  const { createHash, createCipheriv } = require('node:crypto');
  const [address, mebibytes] = process.argv.slice(1);
  const hash = createHash('sha256');
  const stream = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16));
  const socket = require('node:net').connect(${port}, address);
  const zeros = Buffer.alloc(1 << 20);
  let left = Number(mebibytes);
  const more = () => {
    while (left > 0) {
      left--;
      const chunk = stream.update(zeros);
      hash.update(chunk);
      if (!socket.write(chunk)) return void socket.once('drain', more);
    }
    socket.end();
  };
  socket.once('connect', more);
  socket.once('close', () => console.log(JSON.stringify({ bytes: mebibytes * (1 << 20), digest: hash.digest('hex') })));
  socket.resume();`;

/** What one end says of what it sent or got. */
export interface Copied {
  readonly bytes: number;
  readonly digest: string;
}

/** The words that receive one connection; says `listening`, then what it got. @param address - of the host itself */
export function receiverWords(address: string): string[] {
  return [process.execPath, '-e', receiver, address];
}

/** The words that send, and say what they sent. @param address - of the host that receives */
export function senderWords(address: string, mebibytes: number): string[] {
  return [process.execPath, '-e', sender, address, String(mebibytes)];
}

/** Copies. @param address - of the host that receives. @returns what each end says */
export async function copyOverTcp(
  from: NodeHost,
  to: NodeHost,
  address: string,
  mebibytes: number,
): Promise<{ readonly sent: Copied; readonly received: Copied; readonly seconds: number }> {
  const timeoutMs = 60_000 + mebibytes * 500;
  const receiving = to.start(receiverWords(address), { timeoutMs });
  await receiving.line(/listening/);
  const begun = performance.now();
  const sending = await from.start(senderWords(address, mebibytes), { timeoutMs }).ended;
  if (sending.code !== 0) throw new Error(sending.stderr);
  const received = (await receiving.ended).stdout.split('\n')[1] ?? '';
  const seconds = (performance.now() - begun) / 1000;
  return {
    sent: JSON.parse(sending.stdout) as Copied,
    received: JSON.parse(received) as Copied,
    seconds,
  };
}
