/**
 * A list of rules: of a network (to the end of its blob) or of a capability (counted).
 *
 * Source: vl2 7.1, limits 6.2. An empty list drops everything that no capability accepts.
 */
import type { ByteWriter } from '../../base/bytes.ts';
import type { Codec, WireReader } from '../codec.ts';
import {
  describeRule,
  fieldReader,
  readRule,
  ruleBytesMax,
  ruleToJson,
  writeRule,
  type Rule,
} from './rule.ts';

/** Rules in order of evaluation. */
export type Rules = readonly Rule[];

/** The most rules of a network. */
export const networkRulesMax = 1024;
/** The most rules of a capability. */
export const capabilityRulesMax = 64;
/** Bytes of the longest list that is read. */
export const rulesBytesMax: number = networkRulesMax * ruleBytesMax;

/** Rules up to the end of the reader, at most {@link networkRulesMax}. */
export const rules: Codec<Rules> = {
  name: 'rules',
  layout: [{ name: 'rules', size: 'to the end', note: 'type, length, field each; at most 1,024' }],
  read: (reader) => {
    const list: Rule[] = [];
    const fields = fieldReader(reader);
    while (reader.remaining > 0) {
      if (list.length === networkRulesMax) reader.fail('bad-rule');
      list.push(readRule(reader, fields));
    }
    return list;
  },
  write: writeRules,
  describe: (list) => {
    const shown = list.slice(0, 12).map(describeRule).join(', ');
    return `${list.length} rules: ${shown}${list.length > 12 ? ', …' : ''}`;
  },
  toJson: (list) => list.map(ruleToJson),
};

/** Takes `count` rules; more than `countMax` is the failure `bad-rule`. */
export function readRules(reader: WireReader, count: number, countMax: number): Rules {
  if (count > countMax) reader.fail('bad-rule');
  const list: Rule[] = [];
  const fields = fieldReader(reader);
  for (let i = 0; i < count && reader.failure === null; i++) list.push(readRule(reader, fields));
  return list;
}

/** Puts them one after the other. */
export function writeRules(writer: ByteWriter, list: Rules): void {
  for (const rule of list) writeRule(writer, rule);
}
