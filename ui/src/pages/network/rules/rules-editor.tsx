/** A field for a source: line numbers, lines that are marked, and keys that help; Tab goes on to the next thing, as everywhere. */
import { Text } from '@mantine/core';
import {
  useEffect,
  useId,
  useImperativeHandle,
  useMemo,
  useRef,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
} from 'react';

import { rules as words } from '../../../strings/rules.ts';
import { newLine, shifted, spanAt, type Replacement } from './text-place.ts';

/** What others may do with it. */
export interface RulesEditorHandle {
  /** Selects the word at a place, and goes there. */
  readonly jump: (line: number, column: number) => void;
}

/** Lines that are left above one that is jumped to. */
const linesAbove = 4;

/** @param marked - lines with something wrong. @param onSave - Ctrl+S */
export function RulesEditor({
  value,
  marked,
  ref,
  onChange,
  onSave,
}: {
  readonly value: string;
  readonly marked: ReadonlySet<number>;
  readonly ref: Ref<RulesEditorHandle>;
  readonly onChange: (value: string) => void;
  readonly onSave: () => void;
}): ReactNode {
  const hint = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const follow = (): void => {
    if (gutter.current !== null) gutter.current.scrollTop = field.current?.scrollTop ?? 0;
  };
  useEffect(follow, [value]);
  useImperativeHandle(ref, () => ({
    jump: (line, column) => {
      const area = field.current;
      if (area === null) return;
      const { start, end } = spanAt(area.value, line, column);
      area.focus();
      area.setSelectionRange(start, end);
      const lineHeight = Number.parseFloat(getComputedStyle(area).lineHeight);
      area.scrollTop = Math.max(0, (line - 1 - linesAbove) * lineHeight);
      area.scrollIntoView({ block: 'nearest' });
    },
  }));
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const area = event.currentTarget;
    const span = { start: area.selectionStart, end: area.selectionEnd };
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (isCommand && event.key === 's') onSave();
    else if (isCommand && event.key === ']') replace(area, shifted(area.value, span, 'in'));
    else if (isCommand && event.key === '[') replace(area, shifted(area.value, span, 'out'));
    else if (event.key === 'Enter' && !isCommand && !event.nativeEvent.isComposing)
      replace(area, newLine(area.value, span));
    else return;
    event.preventDefault();
  };
  return (
    <div>
      <div className="editor">
        <Numbers count={value.split('\n').length} marked={marked} ref={gutter} />
        <textarea
          ref={field}
          value={value}
          aria-label={words.source}
          aria-describedby={hint}
          aria-invalid={marked.size > 0}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          onChange={(event) => {
            onChange(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
          onScroll={follow}
        />
      </div>
      <Text id={hint} size="xs" c="dimmed" mt={4}>
        {words.keys}
      </Text>
    </div>
  );
}

/** Put in as if it was typed, so that the browser can take it back (Ctrl+Z). */
function replace(area: HTMLTextAreaElement, { start, end, text, selected }: Replacement): void {
  area.setSelectionRange(start, end);
  // There is no other way that keeps what the browser knows of what was typed.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  if (!document.execCommand('insertText', false, text)) area.setRangeText(text);
  area.setSelectionRange(selected.start, selected.end);
}

function Numbers({
  count,
  marked,
  ref,
}: {
  readonly count: number;
  readonly marked: ReadonlySet<number>;
  readonly ref: Ref<HTMLDivElement>;
}): ReactNode {
  const lines = useMemo(
    () =>
      Array.from({ length: count }, (_, i) => (
        <div key={i} className={marked.has(i + 1) ? 'marked' : undefined}>
          {marked.has(i + 1) ? '▸' : ''}
          {i + 1}
        </div>
      )),
    [count, marked],
  );
  return (
    <div className="numbers" aria-hidden ref={ref}>
      {lines}
    </div>
  );
}
