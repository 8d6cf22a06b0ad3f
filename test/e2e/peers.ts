/** Programs of others that talk to ours: Python's `ssl` module and OpenSSL's own client and server. */
import { join } from 'node:path';

import type { Authority, Pair } from './openssl.ts';
import type { Program, Stage } from './program.ts';

const script = (name: string): string => join(import.meta.dirname, name);
const hex = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('hex');

/** A stock client, driven from the test. */
export interface StockClient {
  readonly program: Program;
  /** Resolves when the handshake is done. */
  readonly ready: Promise<string>;
  send(text: string): void;
  /** Reads until there are so many bytes, or the server closes. */
  read(bytes: number): Promise<string>;
  /** Closes, and waits for its end. */
  close(): Promise<void>;
}

/** `ssl.create_default_context` and a certificate of ours or none. */
export function pythonClient(
  stage: Stage,
  port: number,
  { ca, client }: { readonly ca: string; readonly client: Pair | null },
  alpn: readonly string[] = [],
): StockClient {
  const { cert, key } = client ?? { cert: '', key: '' };
  const program = stage.start(
    ['python3', script('stock-client.py'), '127.0.0.1', String(port), ca, cert, key, ...alpn],
    { timeoutMs: 60_000 },
  );
  let reads = 0;
  return {
    program,
    ready: program.line(/^ready$/),
    send: (text) => {
      program.write(`send ${hex(text)}\n`);
    },
    read: async (bytes) => {
      program.write(`read ${bytes}\n`);
      const nth = reads++;
      const got = (): string | undefined =>
        program.lines.filter((line) => line.startsWith('got '))[nth];
      return (await program.until(got, `${bytes} bytes`)).slice('got '.length);
    },
    close: async () => {
      program.write('close\n');
      await program.line(/^closed$/);
      await program.ended;
    },
  };
}

/** `openssl s_client`; what is written to it is sent, its output is what it received. */
export function opensslClient(
  stage: Stage,
  port: number,
  { ca, client }: { readonly ca: string; readonly client: Pair | null },
): Program {
  const identity = client === null ? [] : ['-cert', client.cert, '-key', client.key];
  return stage.start([
    ...['openssl', 's_client', '-connect', `127.0.0.1:${port}`, '-CAfile', ca, ...identity],
    ...['-verify_return_error', '-verify_ip', '127.0.0.1', '-quiet', '-no_ign_eof'],
  ]);
}

/** One of the servers of `other-server.py`. */
export async function otherServer(
  stage: Stage,
  mode: string,
  pair: Pair | null,
): Promise<{ readonly program: Program; readonly port: number }> {
  const { cert, key } = pair ?? { cert: '', key: '' };
  const program = stage.start(['python3', script('other-server.py'), mode, cert, key], {
    timeoutMs: 120_000,
  });
  const line = await program.line(/^listening /);
  return { program, port: Number(line.split(' ')[1]) };
}

/** `openssl s_server -rev`: answers each line with the line reversed; wants a client certificate. */
export async function opensslReverser(
  stage: Stage,
  { ca, server }: Authority,
): Promise<{ readonly program: Program; readonly port: number }> {
  const program = stage.start(
    [
      ...['openssl', 's_server', '-accept', '127.0.0.1:0', '-rev', '-CAfile', ca],
      ...['-cert', server.cert, '-key', server.key, '-Verify', '1', '-verify_return_error'],
    ],
    { timeoutMs: 120_000 },
  );
  const line = await program.line(/^ACCEPT /);
  return { program, port: Number(line.split(':').at(-1)) };
}
