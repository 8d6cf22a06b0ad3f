import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { initAuthority, loadAuthority, type Authority } from './authority.ts';
import { enrolmentLineBytesMax, fixedServerName } from './constants.ts';
import { describeCertificate } from './describe.ts';
import {
  acceptEnrolment,
  encodeEnrolmentReply,
  encodeEnrolmentRequest,
  handleEnrolment,
  parseEnrolmentReply,
  parseEnrolmentRequest,
  type EnrolmentReply,
} from './enrolment.ts';
import { makeRequest } from './leaf.ts';
import { InvitationBook } from './invitation-book.ts';
import { Secret } from '../../base/secret.ts';

const now = 1_800_000_000_000;
let directory = '';
let authority: Authority;
let other: Authority;
let request: Awaited<ReturnType<typeof makeRequest>>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'overspan-enrolment-'));
  for (const name of ['a', 'b']) await initAuthority(join(directory, name), { now });
  authority = await loadAuthority(join(directory, 'a'), now);
  other = await loadAuthority(join(directory, 'b'), now);
  request = await makeRequest('laptop');
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

interface Desk {
  readonly book: InvitationBook;
  readonly secret: Secret<Uint8Array>;
  readonly ask: (line: string, at?: number) => Promise<EnrolmentReply>;
}

function desk(): Desk {
  const book = new InvitationBook(authority.anchorSha256);
  const { secret } = book.create({ ttlMs: 60_000, now });
  const ask = async (line: string, at = now): Promise<EnrolmentReply> =>
    parseEnrolmentReply(await handleEnrolment(book, authority, line, at));
  return { book, secret, ask };
}
const lineWith = (secret: Secret<Uint8Array>, name = 'laptop', csrPem = request.csrPem): string =>
  encodeEnrolmentRequest({ secret, name, csrPem });
const expected = (): Parameters<typeof acceptEnrolment>[1] => ({
  caSha256: authority.anchorSha256,
  keyPem: request.keyPem,
});

describe('enrolment', () => {
  it('turns an invitation into a client certificate', async () => {
    const { secret, ask } = desk();
    const line = lineWith(secret, '../my laptop');
    expect(line.endsWith('}\n')).toBe(true);
    const reply = await ask(line);
    const { certPem, caPem, serverName } = acceptEnrolment(reply, expected());
    expect(describeCertificate(new X509Certificate(certPem))).toMatchObject({
      subject: 'CN=my-laptop',
      purposes: ['client'],
      names: [],
      isAuthority: false,
    });
    expect(caPem).toBe(authority.anchorPem);
    expect(serverName).toBe(fixedServerName);
  });

  it('issues one certificate to two requests at the same time', async () => {
    const { secret, ask } = desk();
    const replies = await Promise.all([1, 2, 3].map(() => ask(lineWith(secret))));
    expect(replies.map((reply) => (reply.ok ? 'ok' : reply.code)).sort()).toEqual([
      'INVITATION_USED',
      'INVITATION_USED',
      'ok',
    ]);
  });

  it('refuses by the clock of the server', async () => {
    const { secret, ask } = desk();
    expect(await ask(lineWith(secret), now + 60_000)).toMatchObject({ code: 'INVITATION_EXPIRED' });
  });

  it('refuses a request that is not signed with its key, and uses the invitation up', async () => {
    const { secret, ask } = desk();
    const der = Buffer.from(request.csrPem.replace(/-----.*-----|\s/g, ''), 'base64');
    der[der.length - 3]! ^= 1;
    const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    expect(await ask(lineWith(secret, 'x', forged))).toMatchObject({ code: 'PKI_REQUEST_INVALID' });
    expect(await ask(lineWith(secret))).toMatchObject({ code: 'INVITATION_USED' });
  });

  it('does not issue from an authority that has expired meanwhile, and does not say where it lies', async () => {
    const { book, ask } = desk();
    const later = now + 4000 * 86_400_000;
    const { secret } = book.create({ ttlMs: 60_000, now: later });
    const reply = await ask(lineWith(secret), later);
    expect(reply).toMatchObject({ ok: false, code: 'ENROLMENT_REFUSED' });
    expect(JSON.stringify(reply)).not.toContain(directory);
  });

  it('answers every truncation and flipped bit of a request with a refusal or with the one certificate', async () => {
    const { secret, ask } = desk();
    const line = lineWith(secret).trimEnd();
    for (let length = 0; length < line.length; length += 7)
      expect(await ask(line.slice(0, length))).toMatchObject({ code: 'ENROLMENT_MALFORMED' });
    let okCount = 0;
    for (let bit = 0; bit < line.length * 8; bit += 5) {
      const flipped = Buffer.from(line, 'latin1');
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      if ((await ask(flipped.toString('latin1'))).ok) okCount++;
    }
    expect(okCount).toBeLessThanOrEqual(1);
  });

  it('reads what it writes and nothing that is too long', () => {
    const secret = new Secret(new Uint8Array(16).fill(1));
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 200 }),
        fc.string({ maxLength: 500 }),
        (name, csrPem) => {
          const back = parseEnrolmentRequest(encodeEnrolmentRequest({ secret, name, csrPem }));
          expect({ ...back, secret: back?.secret.reveal() }).toEqual({
            secret: secret.reveal(),
            name,
            csrPem,
          });
        },
      ),
    );
    const spaces = ' '.repeat(enrolmentLineBytesMax);
    expect(
      parseEnrolmentRequest(encodeEnrolmentRequest({ secret, name: 'x', csrPem: '' }) + spaces),
    ).toBeNull();
  });

  it('never rejects, whatever the line is', async () => {
    const { ask } = desk();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), async (line) => {
        expect((await ask(line)).ok).toBe(false);
      }),
    );
  });
});

describe('the reply at the client', () => {
  const code = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };

  it('is refused where the authority is not that of the invitation', async () => {
    const { secret, ask } = desk();
    const reply = await ask(lineWith(secret));
    const wrong = { ...expected(), caSha256: other.anchorSha256 };
    expect(code(() => acceptEnrolment(reply, wrong))).toBe('PKI_WRONG_CA');
    const swapped = { ...reply, caPem: other.anchorPem } as EnrolmentReply;
    expect(code(() => acceptEnrolment(swapped, expected()))).toBe('PKI_WRONG_CA');
    expect(code(() => acceptEnrolment(swapped, wrong))).toBe('PKI_WRONG_CA');
  });

  it('is refused where the certificate is for another key', async () => {
    const { secret, ask } = desk();
    const reply = await ask(lineWith(secret, 'x', (await makeRequest('x')).csrPem));
    expect(code(() => acceptEnrolment(reply, expected()))).toBe('PKI_KEY_MISMATCH');
  });

  it('becomes an error of ours where the server says no, its words escaped', () => {
    const reply = { ok: false, code: 'INVITATION_USED', message: 'no\u001b[2J' } as const;
    expect(() => acceptEnrolment(reply, expected())).toThrow('the server refused: no\\u{1b}[2J');
    expect(code(() => acceptEnrolment(reply, expected()))).toBe('INVITATION_USED');
    expect(code(() => acceptEnrolment({ ...reply, code: 'toString' }, expected()))).toBe(
      'ENROLMENT_REFUSED',
    );
  });

  it('is a coded error at every truncation', () => {
    const line = encodeEnrolmentReply({
      ok: true,
      certPem: 'a',
      caPem: 'b',
      serverName: 'c',
    }).trimEnd();
    for (let length = 0; length < line.length; length++)
      expect(code(() => parseEnrolmentReply(line.slice(0, length)))).toBe('ENROLMENT_MALFORMED');
    expect(code(() => acceptEnrolment(parseEnrolmentReply(line), expected()))).toBe(
      'ENROLMENT_MALFORMED',
    );
  });
});
