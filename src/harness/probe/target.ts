/** Where a probe connects, and with which certificates. */

/** One server by one address. */
export interface Target {
  /** As the user wrote it. */
  readonly host: string;
  /** What `host` resolved to; resolved once, so that name look-ups are in no figure. */
  readonly address: string;
  readonly port: number;
}

/** What the client trusts and shows. PEM texts. */
export interface ClientTls {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  /** The name that the server's certificate must carry; null: the host as the user wrote it. */
  readonly serverName: string | null;
  /** SHA-256 of the server's certificate, lower-case hex. Replaces the check of its issuer and name. */
  readonly pin: string | null;
}

/** Splits `HOST`, `HOST:PORT`, `[v6]`, `[v6]:PORT` or a bare IPv6 address; null if it is none of them. */
export function parseHostPort(
  text: string,
  defaultPort: number,
): { readonly host: string; readonly port: number } | null {
  const match =
    /^\[([0-9A-Fa-f:.%\w]+)\](?::(\d{1,5}))?$/.exec(text) ??
    /^([^\s:[\]]+)(?::(\d{1,5}))?$/.exec(text) ??
    /^([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%\w]*)$/.exec(text);
  if (match === null) return null;
  const port = match[2] === undefined ? defaultPort : Number(match[2]);
  const host = match[1] ?? '';
  return port >= 1 && port <= 65_535 ? { host, port } : null;
}
