/** Certificates made by plain OpenSSL commands, as somebody makes them who has never heard of Overspan. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type KeyKind = 'ec' | 'rsa';

/** A certificate's file and its key's. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** An authority, and what it issues. */
export interface Authority {
  readonly ca: string;
  /** For 127.0.0.1, 127.0.0.2, ::1 and localhost. */
  readonly server: Pair;
  readonly client: Pair;
  /** The words that give these to `overspan serve`. */
  readonly serverWords: readonly string[];
  /** The words that give these to a client of ours. */
  readonly clientWords: readonly string[];
}

/** Makes an authority, a server certificate and a client certificate in a new directory. */
export function opensslAuthority(
  directory: string,
  kind: KeyKind,
  {
    commonName = 'Plain OpenSSL',
    serverName = 'server',
    names = 'IP:127.0.0.1,IP:127.0.0.2,IP:::1,DNS:localhost',
    /** Whether certificates name the key of their authority. */
    linked = true,
  } = {},
): Authority {
  mkdirSync(directory);
  const file = (name: string): string => join(directory, name);
  const openssl = (...words: readonly string[]): void => {
    execFileSync('openssl', words, { stdio: 'pipe' });
  };
  const newKey =
    kind === 'ec'
      ? ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
      : ['-newkey', 'rsa:2048'];
  const subject = (name: string): string[] => ['-nodes', '-subj', `/CN=${name}`, '-utf8'];
  const caKey = ['-keyout', file('ca.key')];
  openssl(
    ...['req', '-x509', ...newKey, ...subject(commonName), ...caKey, '-out', file('ca.pem')],
    ...['-days', '60', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  );
  const issue = (name: string, shown: string, extensions: readonly string[]): Pair => {
    const [cert, key, request] = [file(`${name}.pem`), file(`${name}.key`), file(`${name}.csr`)];
    openssl('req', '-new', ...newKey, ...subject(shown), '-keyout', key, '-out', request);
    const conf = file(`${name}.cnf`);
    const keyIdentifier = `authorityKeyIdentifier=${linked ? 'keyid' : 'none'}`;
    writeFileSync(conf, [...extensions, keyIdentifier, ''].join('\n'));
    openssl(
      ...['x509', '-req', '-in', request, '-CA', file('ca.pem'), '-CAkey', file('ca.key')],
      ...['-CAcreateserial', '-days', '60', '-extfile', conf, '-out', cert],
    );
    return { cert, key };
  };
  const server = issue('server', serverName, [`subjectAltName=${names}`]);
  const client = issue('client', 'stock client', ['extendedKeyUsage=clientAuth']);
  const words = ({ cert, key }: Pair): string[] => [
    ...['--ca', file('ca.pem'), '--cert', cert, '--key', key],
  ];
  return {
    ca: file('ca.pem'),
    server,
    client,
    serverWords: words(server),
    clientWords: words(client),
  };
}
