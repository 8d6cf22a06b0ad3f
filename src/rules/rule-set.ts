/** The rules, capabilities and tags of a network as JSON: what a controller takes, and what is read back of one. */
import type { JsonObject } from '../wire/codec.ts';
import { capabilityRulesMax, networkRulesMax, type Rules } from '../wire/rules/rules.ts';
import type { CompiledSource } from './compiled.ts';
import { rulesFromJson, rulesToJson, type RuleJsonProblem } from './json.ts';
import { isName } from './name-text.ts';

/** What a network's rules are. A network without a source has no names. */
export interface RuleSet {
  readonly rules: Rules;
  readonly capabilities: readonly {
    readonly id: number;
    readonly isDefault: boolean;
    readonly rules: Rules;
    readonly name?: string;
  }[];
  readonly tags: readonly {
    readonly id: number;
    readonly default: number | null;
    readonly name?: string;
    readonly enums?: ReadonlyMap<string, number>;
    readonly flags?: ReadonlyMap<string, number>;
  }[];
}

/** What could be read of a network, and what could not. */
export interface RuleSetFromJson {
  readonly ruleSet: RuleSet;
  readonly problems: readonly string[];
}

/** As a controller takes it (management 2.1), with the names as ZeroTier Central has them (management 7). */
export function ruleSetToJson(compiled: CompiledSource): JsonObject {
  const { rules, capabilities, tags, capabilitiesByName, tagsByName } = compiled;
  return {
    capabilities: capabilities.map((each) => ({
      default: each.isDefault,
      id: each.id,
      rules: rulesToJson(each.rules),
    })),
    capabilitiesByName: Object.fromEntries(
      [...capabilitiesByName].map(([name, { id }]) => [name, id]),
    ),
    rules: rulesToJson(rules),
    tags: tags.map((each) => ({ default: each.default, id: each.id })),
    tagsByName: Object.fromEntries(
      [...tagsByName].map(([name, tag]) => [
        name,
        {
          default: tag.default,
          enums: Object.fromEntries(tag.enums),
          flags: Object.fromEntries(tag.flags),
          id: tag.id,
        },
      ]),
    ),
  };
}

/**
 * Reads a list of rules, a network as a controller shows it, or one of ZeroTier Central.
 *
 * @param value - parsed JSON of any kind
 */
export function ruleSetFromJson(value: unknown): RuleSetFromJson {
  const problems: string[] = [];
  const outer = objectOf(value) ?? {};
  const json = objectOf(outer['config']) ?? outer;
  const readRules = (from: unknown, where: string, max: number): Rules => {
    const read = rulesFromJson(from, max);
    problems.push(...read.problems.map((problem) => `${where}${described(problem)}`));
    return read.rules;
  };
  const names = { ...json, ...outer };
  const capabilityNames = namesById(names['capabilitiesByName']);
  const tagNames = namesById(names['tagsByName']);
  const rules = readRules(Array.isArray(value) ? value : json['rules'], 'rules', networkRulesMax);
  const capabilities = listOf(json['capabilities']).flatMap((each, index) => {
    const id = idOf(each['id']);
    if (id === null) {
      problems.push(`capabilities[${index}]: id must be 0 to 4294967295`);
      return [];
    }
    const name = capabilityNames.get(id)?.name;
    return [
      {
        id,
        isDefault: each['default'] === true,
        rules: readRules(each['rules'], `capabilities[${index}].rules`, capabilityRulesMax),
        ...(name === undefined ? {} : { name }),
      },
    ];
  });
  const tags = listOf(json['tags']).flatMap((each, index) => {
    const id = idOf(each['id']);
    const standard = each['default'] ?? null;
    const value = standard === null ? null : idOf(standard);
    if (id === null || (standard !== null && value === null)) {
      problems.push(`tags[${index}]: id and default must be 0 to 4294967295`);
      return [];
    }
    const named = tagNames.get(id);
    const names = named && {
      name: named.name,
      enums: numbers(named.json['enums']),
      flags: numbers(named.json['flags'], 31),
    };
    return [{ id, default: value, ...names }];
  });
  return { ruleSet: { rules, capabilities, tags }, problems };
}

function described({ index, message }: RuleJsonProblem): string {
  return index < 0 ? `: ${message}` : `[${index}]: ${message}`;
}

type JsonFields = Readonly<Record<string, unknown>>;

function objectOf(value: unknown): JsonFields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonFields)
    : null;
}

function listOf(value: unknown): JsonFields[] {
  return Array.isArray(value) ? value.map((each) => objectOf(each) ?? {}) : [];
}

function idOf(value: unknown): number | null {
  const isId = typeof value === 'number' && Number.isInteger(value);
  return isId && value >= 0 && value <= 0xffff_ffff ? value : null;
}

/** Names by number: `{"superuser": 1000}` or `{"department": {"id": 1000, …}}`. */
function namesById(
  value: unknown,
): Map<number, { readonly name: string; readonly json: JsonFields }> {
  const found = new Map<number, { name: string; json: JsonFields }>();
  for (const [name, each] of Object.entries(objectOf(value) ?? {})) {
    const json = objectOf(each) ?? { id: each };
    const id = idOf(json['id']);
    if (id !== null) found.set(id, { name, json });
  }
  return found;
}

/** Names of values, without what could not be written as one. */
function numbers(value: unknown, max = 0xffff_ffff): Map<string, number> {
  const pairs = Object.entries(objectOf(value) ?? {}).flatMap(([name, each]) => {
    const number = idOf(each);
    return number === null || number > max || !isName(name) ? [] : [[name, number] as const];
  });
  return new Map(pairs);
}
