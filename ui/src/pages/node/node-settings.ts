/** The settings of `local.conf` as somebody edits them: read from JSON, compared, and sent a setting at a time. */
import type { ClientV1 } from '../../../../src/api/client-v1.ts';
import type { SettingsV1 } from '../../../../src/api/schema/v1-node.ts';

/** The settings in what `local.conf` holds. */
export function settingsIn(conf: SettingsV1): SettingsV1 {
  return (conf['settings'] ?? {}) as SettingsV1;
}

/** As they are edited. */
export function textOf(settings: SettingsV1): string {
  return JSON.stringify(settings, null, 2);
}

/** Null: it is no object in JSON. */
export function parsed(text: string): SettingsV1 | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as SettingsV1)
      : null;
  } catch {
    return null;
  }
}

/** What makes the one of the other: settings that are otherwise, and null for those that are not there any more. */
export function changesOf(before: SettingsV1, after: SettingsV1): SettingsV1 {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.fromEntries(
    [...names]
      .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => [name, after[name] ?? null]),
  );
}

/** With some of them changed. */
export function withChanges(settings: SettingsV1, changes: SettingsV1): SettingsV1 {
  const all = Object.entries({ ...settings, ...changes });
  return Object.fromEntries(all.filter(([name]) => changes[name] !== null));
}

/** Whether nothing is otherwise. */
export function isSame(a: SettingsV1, b: SettingsV1): boolean {
  return Object.keys(changesOf(a, b)).length === 0;
}

/** What came of sending; the settings as they are by now. */
export interface SentSettings {
  /** False: they are not what was read any more, and nothing was changed. */
  readonly isSaved: boolean;
  readonly conf: SettingsV1;
}

/** Sends what is otherwise, unless somebody else has changed the settings since they were read. @param base - as they were read */
export async function sendSettings(
  client: Pick<ClientV1, 'settings' | 'changeSettings'>,
  base: SettingsV1,
  settings: SettingsV1,
): Promise<SentSettings> {
  const latest = await client.settings();
  if (!isSame(base, settingsIn(latest))) return { isSaved: false, conf: latest };
  return { isSaved: true, conf: await client.changeSettings(changesOf(base, settings)) };
}
