/** Small exchanges between hosts of a lab, by Node alone. */
import { once } from 'node:events';

import type { LabHost } from '../../src/harness/lab/index.ts';

const echoServer = `require('node:net').createServer((s) => s.pipe(s).on('error', () => {}))
  .listen(4242, process.argv[1], () => console.log('listening'))`;
const echoClient = `const s = require('node:net').connect(4242, process.argv[1], () => s.end(process.argv[2]));
  s.pipe(process.stdout)`;
// Not connected: the refusals of a port on which nobody listens then do not fail the next send.
const datagrams = `const [address, count, bytes] = process.argv.slice(1);
  const socket = require('node:dgram').createSocket('udp4');
  const send = (left) => left === 0 ? socket.close() :
    socket.send(Buffer.alloc(Number(bytes)), 9, address, (error) => {
      if (error) throw error;
      send(left - 1);
    });
  send(Number(count));`;

const node = (script: string, ...args: readonly string[]): string[] => [
  process.execPath,
  '-e',
  script,
  ...args,
];

/** Sends a text over TCP to a server that echoes. @returns what came back */
export async function echo(
  from: LabHost,
  to: LabHost,
  address: string,
  text: string,
): Promise<string> {
  const server = await to.spawn(node(echoServer, address));
  try {
    // A server that could not listen ends, and the client then says why.
    await Promise.race([once(server.stdout!, 'data'), server.exited]);
    return (await from.run(node(echoClient, address, text), { timeoutMs: 5_000 })).stdout;
  } finally {
    await server.kill();
  }
}

/** Sends datagrams of `bytes` each to the discard port. */
export async function sendDatagrams(
  from: LabHost,
  address: string,
  count: number,
  bytes: number,
): Promise<void> {
  await from.run(node(datagrams, address, String(count), String(bytes)));
}
