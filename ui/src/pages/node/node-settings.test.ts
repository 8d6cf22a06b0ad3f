/** Settings that somebody edits as JSON. */
import { describe, expect, it } from 'vitest';

import type { SettingsV1 } from '../../../../src/api/schema/v1-node.ts';
import { changesOf, parsed, sendSettings, settingsIn, withChanges } from './node-settings.ts';

/** A service that merges what it is sent, as the daemon does. */
function service(settings: SettingsV1): {
  readonly sent: SettingsV1[];
  readonly client: Parameters<typeof sendSettings>[0];
} {
  let conf: SettingsV1 = { physical: {}, settings };
  const sent: SettingsV1[] = [];
  return {
    sent,
    client: {
      settings: () => Promise.resolve(conf),
      changeSettings: (changes) => {
        sent.push(changes);
        conf = { ...conf, settings: withChanges(settingsIn(conf), changes) };
        return Promise.resolve(conf);
      },
    },
  };
}

describe('settings of a node', () => {
  it('are an object, or nothing', () => {
    expect(parsed('{"a": 1}')).toEqual({ a: 1 });
    for (const text of ['', '{', '[]', 'null', '3']) expect(parsed(text), text).toBeNull();
  });

  it('are different by their values, and null is what is gone', () => {
    const before = { primaryPort: 9_993, bind: ['192.0.2.1'], same: { a: [1] } };
    const after = { primaryPort: 9_994, same: { a: [1] }, allowTokenInUrl: true };
    const changes = { primaryPort: 9_994, bind: null, allowTokenInUrl: true };
    expect(changesOf(before, after)).toEqual(changes);
    expect(withChanges(before, changes)).toEqual(after);
    expect(changesOf(after, after)).toEqual({});
  });

  it('are sent where they are otherwise, and what was deleted is gone', async () => {
    const base = { primaryPort: 9_993, bind: ['192.0.2.1'] };
    const { client, sent } = service(base);
    const settings = { primaryPort: 9_993 };
    expect(await sendSettings(client, base, settings)).toEqual({
      isSaved: true,
      conf: { physical: {}, settings },
    });
    expect(sent).toEqual([{ bind: null }]);
  });

  it('of somebody else are not overwritten unseen', async () => {
    const { client, sent } = service({ primaryPort: 9_995 });
    expect(await sendSettings(client, { primaryPort: 9_993 }, { primaryPort: 9_994 })).toEqual({
      isSaved: false,
      conf: { physical: {}, settings: { primaryPort: 9_995 } },
    });
    expect(sent).toEqual([]);
  });
});
