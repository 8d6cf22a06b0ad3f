import { describe, expect, it } from 'vitest';

import type { Daemon } from '../lab/daemon.ts';
import type { LabHost } from '../lab/host.ts';
import { untilReady } from './ready.ts';

const host = { name: 'b' } as LabHost;
const daemon = (ending: string | null): Daemon => ({
  host,
  name: 'sleeper',
  pid: 0,
  ending: () => ending,
  said: () => 'one\ntwo\nthree\nfour\nfive \u001b[2J\n',
});
const waiting = (ending: string | null = null) => ({
  what: 'the end',
  daemons: [daemon(ending)],
  signal: undefined,
});

describe('waiting for daemons', () => {
  it('ends with what was looked for', async () => {
    let looks = 0;
    expect(await untilReady(waiting(), () => Promise.resolve(++looks < 3 ? null : looks))).toBe(3);
  });

  it('takes what is there, also from a daemon that has ended', async () => {
    expect(await untilReady(waiting('by SIGKILL'), () => Promise.resolve('there'))).toBe('there');
  });

  it('says how a daemon ended and the last that it said, escaped', async () => {
    const ended = untilReady(waiting('with exit code 3'), () => Promise.resolve(null));
    await expect(ended).rejects.toMatchObject({
      code: 'ENGINE_DAEMON_ENDED',
      message: 'sleeper on host b ended with exit code 3: two; three; four; five \\u{1b}[2J',
    });
  });

  it('says what it waited for when the time is over, and what the daemons said', async () => {
    const late = untilReady({ ...waiting(), timeoutMs: 0 }, () => Promise.resolve(null));
    await expect(late).rejects.toMatchObject({
      code: 'ENGINE_NOT_READY',
      message: expect.stringMatching(
        /^waited 0 s for the end; sleeper on host b said: two/,
      ) as string,
    });
  });

  it('is stopped by its signal', async () => {
    const signal = AbortSignal.abort();
    const stopped = untilReady({ ...waiting(), signal }, () => Promise.resolve(null));
    await expect(stopped).rejects.toMatchObject({ code: 'LAB_INTERRUPTED' });
  });
});
