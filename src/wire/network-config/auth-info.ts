/**
 * AuthInfo: where a member has to sign on, told by ERROR NETWORK_AUTHENTICATION_REQUIRED.
 *
 * Source: vl2 3.7: a dictionary of at most 8,192 bytes. Version 0 has a URL, version 1 what OpenID Connect needs. No
 * capture holds one.
 */
import { escapeText } from '../../base/escape.ts';
import type { Codec } from '../codec.ts';
import { dictionaryBytesMax } from '../dictionary.ts';
import {
  fieldsToJson,
  number,
  optionalText,
  readFields,
  writeFields,
  type DictionaryFields,
  type DictionaryRest,
} from './dictionary-fields.ts';

interface AuthInfoValues {
  /** `aV` */
  readonly version: number;
  /** `aU`, version 0. */
  readonly url: string | null;
  /** `iU`, and all that follow: version 1. */
  readonly issuerUrl: string | null;
  /** `aCU` */
  readonly centralUrl: string | null;
  /** `aN` */
  readonly nonce: string | null;
  /** `aS` */
  readonly state: string | null;
  /** `aCID` */
  readonly clientId: string | null;
  /** `aSSOp`; absent means `default`. */
  readonly provider: string | null;
}

/** Where to sign on; every text is somebody else's. */
export type AuthInfo = AuthInfoValues & DictionaryRest;

const fields: DictionaryFields<AuthInfoValues> = {
  version: number('aV'),
  url: optionalText('aU'),
  issuerUrl: optionalText('iU'),
  centralUrl: optionalText('aCU'),
  nonce: optionalText('aN'),
  state: optionalText('aS'),
  clientId: optionalText('aCID'),
  provider: optionalText('aSSOp'),
};

/** The codec; the dictionary goes to the end of the reader. */
export const authInfo: Codec<AuthInfo> = {
  name: 'AuthInfo',
  layout: [{ name: 'dictionary', size: 'to the end', note: 'at most 8,192 bytes' }],
  read: (reader) => {
    const values = readFields(fields, reader.rest(), dictionaryBytesMax.authInfo);
    if (typeof values !== 'string') return values;
    reader.fail(values);
    return none;
  },
  write: (writer, value) => {
    writer.put(writeFields(fields, value));
  },
  describe: ({ version, url, issuerUrl }) =>
    `sign on, version ${version}, at ${escapeText(url ?? issuerUrl ?? 'no URL', 120)}`,
  toJson: (value) => fieldsToJson(fields, value),
};

const none: AuthInfo = {
  version: 0,
  url: null,
  issuerUrl: null,
  centralUrl: null,
  nonce: null,
  state: null,
  clientId: null,
  provider: null,
  others: [],
};
