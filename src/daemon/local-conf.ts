/**
 * `local.conf` of the home directory: the operator's settings, JSON. Source: management.md 5.
 *
 * Read are those that this node knows; what else is there stays and is named once in the log, so that nobody believes in
 * a setting that does nothing.
 */
import { z } from 'zod';

import { errorMessage } from '../base/errors.ts';
import { daemonError } from './errors.ts';

/** Settings that are applied. */
export interface LocalConf {
  /** `settings.primaryPort`; null: not set. 0: any free one. */
  readonly primaryPort: number | null;
  /** `settings.bind`: addresses to listen on instead of all. */
  readonly bind: readonly string[];
  /** `settings.interfacePrefixBlacklist`: interfaces whose addresses are not used. */
  readonly interfacePrefixBlacklist: readonly string[];
  /** Of settings that say something which is not done, `physical` and `virtual` among them. */
  readonly ignored: readonly string[];
}

/** No file. */
export const emptyLocalConf: LocalConf = {
  primaryPort: null,
  bind: [],
  interfacePrefixBlacklist: [],
  ignored: [],
};

const schema = z.looseObject({
  settings: z
    .looseObject({
      primaryPort: z.int().min(0).max(65_535).optional(),
      bind: z.array(z.string()).max(64).optional(),
      interfacePrefixBlacklist: z.array(z.string()).max(64).optional(),
    })
    .optional(),
});

/** Settings of the official service whose absence here is what they ask for. */
const harmless: Readonly<Record<string, unknown>> = {
  portMappingEnabled: false,
  allowSecondaryPort: false,
  allowTcpFallbackRelay: false,
  forceTcpRelay: false,
  softwareUpdate: 'disable',
};

/** Reads the text. @throws LOCAL_CONF_INVALID */
export function parseLocalConf(text: string, path: string): LocalConf {
  let conf: z.infer<typeof schema>;
  try {
    conf = schema.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error);
    throw daemonError('LOCAL_CONF_INVALID', `${path}: ${why.replaceAll('\n', ' ')}`, {
      remedy: 'mend it, or move it away: for example {"settings":{"primaryPort":9993}}',
      cause: error,
    });
  }
  const { settings = {}, ...sections } = conf;
  const { primaryPort, bind = [], interfacePrefixBlacklist = [], ...others } = settings;
  return {
    primaryPort: primaryPort ?? null,
    bind,
    interfacePrefixBlacklist,
    ignored: [
      ...Object.keys(sections),
      ...Object.entries(others)
        .filter(([name, value]) => harmless[name] !== value)
        .map(([name]) => `settings.${name}`),
    ],
  };
}
