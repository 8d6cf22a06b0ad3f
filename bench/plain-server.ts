/** The measurement server without TLS, as a process of its own, on loopback: the yardstick of `bench/harness.ts`. */
import { createServer } from '../src/harness/server/server.ts';

const server = await createServer({ tls: null, host: '127.0.0.1' });
console.log(server.port);
process.stdin.resume().once('end', () => process.exit());
process.once('SIGTERM', () => process.exit());
