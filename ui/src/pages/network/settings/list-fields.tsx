/** The fields of routes and pools: a row each, of two texts. */
import { ActionIcon, Button, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core';
import { useRef, type ReactNode } from 'react';

import { settings as words } from '../../../strings/settings.ts';
import type { PoolDraft, RouteDraft } from './settings-draft.ts';

/** What is wrong with a field, by its name; undefined: nothing. */
export type FieldErrors = (field: string) => string | undefined;

/** Routes. */
export function RouteFields({
  routes,
  errorOf,
  onChange,
}: {
  readonly routes: readonly RouteDraft[];
  readonly errorOf: FieldErrors;
  readonly onChange: (routes: readonly RouteDraft[]) => void;
}): ReactNode {
  return (
    <Rows
      legend={words.labels.routes}
      hint={words.hints.routes}
      rows={routes.map(({ target, via }) => [target, via] as const)}
      labels={[words.route.target, words.route.via]}
      placeholders={['10.1.0.0/16', words.route.viaShort]}
      errorOf={(row, column) => errorOf(`routes.${row}.${column === 0 ? 'target' : 'via'}`)}
      none={words.route.none}
      add={words.route.add}
      remove={words.route.remove}
      onChange={(rows) => {
        onChange(rows.map(([target, via]) => ({ target, via })));
      }}
    />
  );
}

/** Pools. */
export function PoolFields({
  pools,
  errorOf,
  onChange,
}: {
  readonly pools: readonly PoolDraft[];
  readonly errorOf: FieldErrors;
  readonly onChange: (pools: readonly PoolDraft[]) => void;
}): ReactNode {
  return (
    <Rows
      legend={words.labels.pools}
      hint={words.hints.pools}
      rows={pools.map(({ first, last }) => [first, last] as const)}
      labels={[words.pool.first, words.pool.last]}
      placeholders={['10.147.17.1', '10.147.17.254']}
      errorOf={(row, column) => errorOf(`pools.${row}.${column === 0 ? 'first' : 'last'}`)}
      none={words.pool.none}
      add={words.pool.add}
      remove={words.pool.remove}
      onChange={(rows) => {
        onChange(rows.map(([first, last]) => ({ first, last })));
      }}
    />
  );
}

type Row = readonly [string, string];

function Rows({
  legend,
  hint,
  rows,
  labels,
  placeholders,
  errorOf,
  none,
  add,
  remove,
  onChange,
}: {
  readonly legend: string;
  readonly hint: string;
  readonly rows: readonly Row[];
  readonly labels: readonly [(n: number) => string, (n: number) => string];
  readonly placeholders: Row;
  readonly errorOf: (row: number, column: 0 | 1) => string | undefined;
  readonly none: string;
  readonly add: string;
  readonly remove: (n: number) => string;
  readonly onChange: (rows: readonly Row[]) => void;
}): ReactNode {
  const addButton = useRef<HTMLButtonElement>(null);
  const set = (at: number, column: 0 | 1, text: string): void => {
    onChange(
      rows.map((row, i) => (i !== at ? row : column === 0 ? [text, row[1]] : [row[0], text])),
    );
  };
  const field = (row: Row, at: number, column: 0 | 1): ReactNode => (
    <TextInput
      className="row-field"
      aria-label={labels[column](at + 1)}
      placeholder={placeholders[column]}
      value={row[column]}
      error={errorOf(at, column)}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => {
        set(at, column, event.currentTarget.value);
      }}
    />
  );
  return (
    <Fieldset legend={legend} variant="unstyled">
      <Stack gap="xs">
        <Text size="xs" c="dimmed">
          {hint}
        </Text>
        {rows.length === 0 && <Text size="sm">{none}</Text>}
        {rows.map((row, at) => (
          // A row has nothing of its own but its place.
          <Group key={at} gap="xs" align="flex-start" wrap="nowrap">
            <Group gap="xs" align="flex-start" className="row-text" flex={1}>
              {field(row, at, 0)}
              {field(row, at, 1)}
            </Group>
            <ActionIcon
              variant="subtle"
              color="red"
              size="input-sm"
              aria-label={remove(at + 1)}
              onClick={() => {
                onChange(rows.filter((_, i) => i !== at));
                addButton.current?.focus();
              }}
            >
              <span aria-hidden>✕</span>
            </ActionIcon>
          </Group>
        ))}
        <Button
          ref={addButton}
          size="compact-sm"
          variant="default"
          className="row-add"
          onClick={() => {
            onChange([...rows, ['', '']]);
          }}
        >
          {add}
        </Button>
      </Stack>
    </Fieldset>
  );
}
