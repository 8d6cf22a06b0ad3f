/**
 * The settings of a run in words. A record names them as the program does (`timeoutNs`); what a name ends in is the unit of its
 * value. A record of a newer version has others: each is shown, one of no known form as JSON.
 */
import { formatNs } from '../stats/duration-format.ts';
import { grouped } from './figures.ts';

/** @returns names and values, in the order of the record */
export function settingsInWords(
  settings: Readonly<Record<string, unknown>>,
): readonly (readonly [name: string, value: string])[] {
  return Object.entries(settings).map(([name, value]) => [nameInWords(name), text(name, value)]);
}

/** `requestsPerVisit`: requests per visit. */
function nameInWords(name: string): string {
  return name
    .replace(/(?:Ns|Bytes)$/, '')
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function text(name: string, value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') {
    if (name.endsWith('Ns')) return durationText(value);
    return name.endsWith('Bytes') ? `${grouped(value)} B` : grouped(value);
  }
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(item).join(', ');
  return JSON.stringify(value);
}

/** With as many digits as it has: 2 s, 5.5 ms. */
function durationText(ns: number): string {
  const whole = Math.round(ns);
  if (whole === 0) return '0 s';
  const zeros = /0*$/.exec(String(whole))?.[0].length ?? 0;
  return formatNs(whole, 10 ** zeros);
}

function item(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isPath(value)) return `${value.label} at ${value.host}:${value.port}`;
  return JSON.stringify(value);
}

function isPath(
  value: unknown,
): value is { readonly label: string; readonly host: string; readonly port: number } {
  if (typeof value !== 'object' || value === null) return false;
  const { label, host, port } = value as Readonly<Record<string, unknown>>;
  return typeof label === 'string' && typeof host === 'string' && typeof port === 'number';
}
