import { describe, expect, it } from 'vitest';

import type { NetworkV1, RulesShownV1 } from '../../../src/api/schema/v1.ts';
import { exitCodes, OverspanError } from '../../../src/base/errors.ts';
import type { NetworkId } from '../../../src/base/ids.ts';
import { readRules, sendRules } from './rules.ts';

const id = 0x1122334455000001n as NetworkId;

function shown(source: string): RulesShownV1 {
  return { source, isWritten: true, ruleCount: 1, testCount: 0 };
}

/** A service that holds rules. */
function service(): {
  state: { source: string; revision: number };
  client: Parameters<typeof sendRules>[0];
} {
  const state = { source: 'accept;', revision: 1 };
  return {
    state,
    client: {
      network: () => Promise.resolve({ revision: state.revision } as NetworkV1),
      rules: () => Promise.resolve(shown(state.source)),
      setRules: (_id, source, revision) => {
        if (revision !== state.revision) {
          const details = { code: 'API_CHANGED_MEANWHILE' };
          return Promise.reject(
            new OverspanError('MANAGEMENT_REFUSED', exitCodes.failed, '', { remedy: '', details }),
          );
        }
        Object.assign(state, { source, revision: state.revision + 1 });
        return Promise.resolve(shown(source));
      },
    },
  };
}

describe('rules that are sent', () => {
  it('take the place of those that were read', async () => {
    const { client, state } = service();
    const base = await readRules(client, id);
    expect(await sendRules(client, id, { base, source: 'drop;' })).toEqual({
      kind: 'saved',
      read: { rules: shown('drop;'), revision: 2 },
    });
    expect(state.source).toBe('drop;');
  });

  it('do not take the place of what somebody else has written', async () => {
    const { client, state } = service();
    const base = await readRules(client, id);
    Object.assign(state, { source: '# mine\naccept;', revision: 2 });
    expect(await sendRules(client, id, { base, source: 'drop;' })).toMatchObject({
      kind: 'conflict',
      read: { revision: 2 },
    });
    expect(state.source).toBe('# mine\naccept;');
  });

  it('are put back while they are what was saved, and not in place of what came after', async () => {
    const { client, state } = service();
    const before = await readRules(client, id);
    const { read: after } = await sendRules(client, id, { base: before, source: 'drop;' });
    Object.assign(state, { source: '# theirs\ndrop;', revision: 3 });
    const undo = { base: after, source: before.rules.source };
    expect(await sendRules(client, id, undo)).toMatchObject({ kind: 'conflict' });
    Object.assign(state, { source: 'drop;', revision: 4 });
    expect(await sendRules(client, id, undo)).toMatchObject({ kind: 'saved' });
    expect(state.source).toBe('accept;');
  });

  it('are not held up by a change of settings', async () => {
    const { client, state } = service();
    const base = await readRules(client, id);
    state.revision = 7;
    expect(await sendRules(client, id, { base, source: 'drop;' })).toMatchObject({ kind: 'saved' });
    expect(state).toEqual({ source: 'drop;', revision: 8 });
  });
});
