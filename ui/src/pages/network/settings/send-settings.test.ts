import { describe, expect, it } from 'vitest';

import type { NetworkPatchV1, NetworkV1 } from '../../../../../src/api/schema/v1.ts';
import { exitCodes, OverspanError } from '../../../../../src/base/errors.ts';
import type { NetworkId } from '../../../../../src/base/ids.ts';
import { plainSettings } from '../../../synthetic/network-settings.ts';
import { sendSettings } from './send-settings.ts';

const id = 0x1122334455000001n as NetworkId;
const base: NetworkV1 = {
  id: '1122334455000001',
  revision: 3,
  createdAt: 0,
  ...plainSettings,
  memberCount: 0,
  memberCounts: {
    ok: 0,
    relayed: 0,
    waiting: 0,
    denied: 0,
    'never-configured': 0,
    silent: 0,
    unknown: 0,
  },
};

function refused(code: string): OverspanError {
  return new OverspanError('MANAGEMENT_REFUSED', exitCodes.failed, code, {
    remedy: '',
    details: { code },
  });
}

/** A service that holds a network, and what it was sent. */
function service(network: NetworkV1): {
  sent: NetworkPatchV1[];
  client: Parameters<typeof sendSettings>[0];
} {
  const sent: NetworkPatchV1[] = [];
  return {
    sent,
    client: {
      network: () => Promise.resolve(network),
      changeNetwork: (_id, patch, revision) => {
        if (revision !== network.revision) return Promise.reject(refused('API_CHANGED_MEANWHILE'));
        sent.push(patch);
        return Promise.resolve({
          ...network,
          ...patch,
          revision: (network.revision ?? 0) + 1,
        } as NetworkV1);
      },
    },
  };
}

const change = { base, settings: { ...base, mtu: 1_400 }, names: ['mtu'] as const };

describe('a change of settings', () => {
  it('holds only what is to be set', async () => {
    const { client, sent } = service(base);
    expect(await sendSettings(client, id, change)).toMatchObject({
      kind: 'saved',
      network: { mtu: 1_400, revision: 4 },
    });
    expect(sent).toEqual([{ mtu: 1_400 }]);
  });

  it('is not made over what somebody else has set', async () => {
    const theirs = { ...base, revision: 4, name: 'office' };
    const { client, sent } = service(theirs);
    expect(await sendSettings(client, id, change)).toEqual({ kind: 'conflict', network: theirs });
    expect(sent).toEqual([]);
  });

  it('is made where only the revision is another one', async () => {
    const { client, sent } = service({ ...base, revision: 9 });
    expect(await sendSettings(client, id, change)).toMatchObject({
      kind: 'saved',
      network: { revision: 10 },
    });
    expect(sent).toHaveLength(1);
  });

  it('throws what else it was refused for', async () => {
    const { client } = service(base);
    const failing = {
      ...client,
      changeNetwork: () => Promise.reject(refused('API_SCOPE_MISSING')),
    };
    await expect(sendSettings(failing, id, change)).rejects.toThrow('API_SCOPE_MISSING');
  });
});
