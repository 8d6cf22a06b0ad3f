/** The page for people who are to join, as they and strangers meet it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { InvitationV1 } from '../api/schema/v1.ts';
import { readPageFiles } from './files.ts';
import { serveJoinPage, type ServedPage } from './listen.ts';

const directory = mkdtempSync(join(tmpdir(), 'overspan-join-'));
mkdirSync(join(directory, 'assets'));
writeFileSync(join(directory, 'join.html'), 'the page');
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const network = '8056c2e21c000001';
const known: InvitationV1 = { network, name: 'lab', isOpen: true, expiresAt: null, members: [] };

let door: ServedPage;
let planet: Uint8Array | null;

async function open(isProxied: boolean): Promise<void> {
  door = await serveJoinPage(
    { port: 0 },
    {
      files: await readPageFiles(directory),
      invitationOf: () => Promise.resolve(known),
      planetOf: () => Promise.resolve(planet),
      clock: { nowNs: () => 0, wallMs: () => 0 },
      log: () => undefined,
    },
    isProxied,
  );
}

beforeEach(() => {
  planet = null;
});
afterEach(async () => {
  await door.close();
});

interface Answer {
  readonly status: number;
  readonly wait: string | null;
  readonly code?: string;
  readonly hasPlanet?: boolean;
}

/** Asks with an invitation to the network. @param digit - of which all of the invitation is made */
async function ask(digit: string): Promise<Answer> {
  const response = await fetch(`${door.url}invitation/${network}`, {
    method: 'POST',
    body: JSON.stringify({ invitation: `${network}-${digit.repeat(32)}` }),
  });
  const answer = (await response.json()) as Omit<Answer, 'status' | 'wait'>;
  return { ...answer, status: response.status, wait: response.headers.get('retry-after') };
}

describe('the roots', () => {
  it('are those that the service has at the moment', async () => {
    await open(false);
    expect((await ask('0')).hasPlanet).toBe(false);
    expect((await fetch(`${door.url}planet`)).status).toBe(404);
    planet = Uint8Array.of(1, 2, 3);
    expect((await ask('0')).hasPlanet).toBe(true);
    const given = new Uint8Array(await (await fetch(`${door.url}planet`)).arrayBuffer());
    expect(given).toEqual(planet);
  });
});

describe('too many questions', () => {
  const many = async (digits: string): Promise<ReadonlySet<number>> => {
    const statuses = new Set<number>();
    for (const digit of digits) statuses.add((await ask(digit)).status);
    return statuses;
  };

  it('are those of one address, which is told how long to wait', async () => {
    await open(false);
    await many('0123456789'.repeat(3));
    expect(await ask('0')).toMatchObject({ status: 429, code: 'UI_TOO_MANY_TRIES', wait: '1' });
  });

  it('are those of one invitation behind a proxy, where all have one address', async () => {
    await open(true);
    expect(await many('0123456789'.repeat(3))).toEqual(new Set([200]));
    await many('a'.repeat(30));
    expect((await ask('a')).status).toBe(429);
    expect((await ask('b')).status).toBe(200);
  });

  it('are those of everybody together, too', async () => {
    await open(true);
    expect(await many('0123456789abcdef'.repeat(15))).toContain(429);
  });
});
