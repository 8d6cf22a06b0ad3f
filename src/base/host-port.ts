/** A host with a port, as text. */

/** `192.0.2.1:4711`, `[2001:db8::1]:4711`, `name:4711`. @param host - a name or an address, without brackets */
export function formatHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
