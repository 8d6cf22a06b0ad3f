/**
 * What happened last, as a sequence diagram: a lane for every host, an arrow for every datagram from lane to lane, and
 * what was in it, opened with the keys of both.
 *
 * ```
 *    12.345  A──────▶│       │   aes  ECHO
 *    12.361  │       R─ ─ ✗  │   aes  OK …                 lost
 * ```
 */
import { IdentityBook } from '../src/wire/trace/identity-book.ts';
import { TraceDecoder } from '../src/wire/trace/trace-decoder.ts';
import { describeRecord } from '../src/wire/trace/trace-text.ts';
import { WorldBook } from '../src/wire/trace/world-book.ts';
import { describeHost } from './host.ts';
import type { LoggedDatagram } from './packet-log.ts';
import type { SimWorld } from './world.ts';

/** Datagrams that a diagram shows, unless told otherwise. */
export const diagramRows = 60;
/** More lanes do not fit on a line. */
const lanesMax = 8;
const laneWidth = 8;
/** What a described record begins with: its time. */
const timeColumns = 14;

/** @param rows - the last datagrams that are shown. @param about - names of hosts; empty: all */
export function sequenceDiagram(
  world: SimWorld,
  rows: number = diagramRows,
  about: readonly string[] = [],
): string {
  const entries = world.log
    .last(Infinity)
    .filter(
      ({ from, to }) => about.length === 0 || about.includes(from) || about.includes(to ?? ''),
    );
  const texts = describeAll(world, entries);
  const shown = rows === 0 ? [] : entries.slice(-rows);
  const lanes = lanesOf(world, shown);
  const lines = shown.map((entry) => {
    const time = (entry.sentMs / 1000).toFixed(3).padStart(9);
    const text = texts.get(entry.number) ?? '';
    const fate = entry.fate === 'arrived' ? '' : `  ✗ ${entry.fate ?? 'on its way'}`;
    return `${time}  ${arrow(lanes, entry)}  ${text}${fate}`;
  });
  const names = world.hosts.filter(({ name }) => lanes.includes(name)).map(describeHost);
  return [names.join(', '), `${' '.repeat(11)}${head(lanes)}`, ...lines].join('\n');
}

function describeAll(world: SimWorld, entries: readonly LoggedDatagram[]): Map<number, string> {
  const identities = new IdentityBook(world.provider);
  for (const { identity } of world.hosts) identities.addSecret(identity);
  const worlds = new WorldBook(world.provider);
  const decoder = new TraceDecoder({ provider: world.provider, identities, worlds });
  const texts = new Map<number, string>();
  for (const entry of entries) {
    const records = decoder.decode({
      frame: entry.number,
      timeNs: BigInt(Math.round(entry.sentMs * 1e6)),
      from: entry.source.address,
      to: entry.destination.address,
      payload: entry.bytes,
    });
    const lines = records.map((record) => describeRecord(record, 0n).slice(timeColumns).trimEnd());
    texts.set(entry.number, lines.join(' | '));
  }
  identities.close();
  return texts;
}

/** The hosts that appear, in the order of the world; the busiest where they are too many. */
function lanesOf(world: SimWorld, entries: readonly LoggedDatagram[]): string[] {
  const counts = new Map<string, number>();
  for (const { from, to } of entries)
    for (const name of [from, ...(to === null ? [] : [to])])
      counts.set(name, (counts.get(name) ?? 0) + 1);
  const busiest = [...counts].sort((a, b) => b[1] - a[1]).slice(0, lanesMax);
  const chosen = new Set(busiest.map(([name]) => name));
  const order = world.hosts.map(({ name }) => name);
  return [
    ...order.filter((name) => chosen.has(name)),
    ...[...chosen].filter((n) => !order.includes(n)),
  ];
}

function head(lanes: readonly string[]): string {
  return lanes.map((name) => name.slice(0, laneWidth - 1).padEnd(laneWidth)).join('');
}

function arrow(lanes: readonly string[], { from, to, fate }: LoggedDatagram): string {
  const cells = lanes.flatMap(() => ['│', ...new Array<string>(laneWidth - 1).fill(' ')]);
  const start = lanes.indexOf(from) * laneWidth;
  const end = to === null ? -1 : lanes.indexOf(to) * laneWidth;
  if (start < 0) return cells.join('');
  if (end < 0) {
    cells[start] = '●';
    for (let i = start + 1; i < start + 4; i++) cells[i] = '─';
    cells[start + 4] = '✗';
    return cells.join('');
  }
  if (start === end) {
    // The private address of somebody else was the own one.
    cells[start] = '↺';
    return cells.join('');
  }
  const step = end > start ? 1 : -1;
  const line = fate === 'arrived' ? '─' : '┄';
  for (let i = start + step; i !== end; i += step) cells[i] = line;
  cells[start] = '●';
  cells[end] = fate === 'arrived' ? (step > 0 ? '▶' : '◀') : '✗';
  return cells.join('');
}
