/**
 * Files that a person may change although a program wrote them: the first line says who wrote the rest, and the sum of
 * the rest, so that a change is seen and kept.
 */
import { createHash } from 'node:crypto';

const mark =
  /^# Written by `overspan service install`, version \S+, sum ([0-9a-f]{16})\. What is changed by hand is kept\.\n/;

/** The text with its first line. */
export function markedText(text: string, version: string): string {
  return (
    `# Written by \`overspan service install\`, version ${version}, sum ${sumOf(text)}. ` +
    `What is changed by hand is kept.\n${text}`
  );
}

/** Whether it is as it was written: no line was changed since, and nobody else wrote it. */
export function isAsWritten(content: string): boolean {
  const match = mark.exec(content);
  return match !== null && match[1] === sumOf(content.slice(match[0].length));
}

function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
