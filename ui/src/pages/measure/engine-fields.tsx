/** The overlays of a comparison in a lab: those of this machine, to be chosen, and what the others lack. */
import { Checkbox, Fieldset, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { RunEngine, RunEngines, RunLack } from '../../../../src/api/schema/run.ts';
import { strings } from '../../strings.ts';

const words = strings.measure;

/** @param chosen - names; null: every one that is there. @param error - what is wrong with them */
export function EngineFields({
  known,
  chosen,
  error,
  onChange,
}: {
  readonly known: RunEngines;
  readonly chosen: readonly string[] | null;
  readonly error: string | null;
  readonly onChange: (chosen: readonly string[]) => void;
}): ReactNode {
  const value = chosen ?? enginesHere(known);
  return (
    <Fieldset legend={words.engines} p="sm">
      <Checkbox.Group
        description={words.enginesHint}
        value={[...value]}
        error={error}
        onChange={onChange}
      >
        <Stack gap="xs" mt="xs">
          {known.engines.map((engine) => (
            <EngineBox key={engine.name} engine={engine} />
          ))}
        </Stack>
      </Checkbox.Group>
      {known.refusal !== null && (
        <Text size="sm" mt="sm" role="alert">
          {words.noLab(lackText(known.refusal))}
        </Text>
      )}
    </Fieldset>
  );
}

/** Names of those that this machine can bring up. */
export function enginesHere({ engines }: RunEngines): string[] {
  return engines.filter(({ lacks }) => lacks.length === 0).map(({ name }) => name);
}

function EngineBox({ engine: { name, lacks } }: { readonly engine: RunEngine }): ReactNode {
  return (
    <Checkbox
      value={name}
      label={name}
      disabled={lacks.length > 0}
      description={
        lacks.length > 0 ? lacks.map(lackText).join('; ') : (words.engineHints[name] ?? null)
      }
    />
  );
}

function lackText({ message, remedy }: RunLack): string {
  return remedy === null ? message : `${message}; ${remedy}`;
}
