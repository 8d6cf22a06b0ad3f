import { describe, expect, it } from 'vitest';

import { encodeFrame, encodeReply } from './frame.ts';
import { FramedReply, parseReplyRule, PlainReply, replyBytesMax } from './reply.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('the rule of a reply', () => {
  it('is parsed, or refused', () => {
    expect(parseReplyRule('first')).toEqual({ kind: 'first' });
    expect(parseReplyRule('bytes:12')).toEqual({ kind: 'bytes', count: 12 });
    for (const wrong of [
      '',
      'bytes',
      'bytes:0',
      'bytes:-1',
      'bytes:1e3',
      `bytes:${replyBytesMax + 1}`,
      'lines',
    ])
      expect(parseReplyRule(wrong)).toBeNull();
  });
});

describe('a plain reply', () => {
  it('ends with its first bytes, its line, its count, or the close', () => {
    const first = new PlainReply({ kind: 'first' });
    first.expect(1);
    expect(first.handleData(text('x')).kind).toBe('whole');

    const line = new PlainReply({ kind: 'line' });
    line.expect(1);
    expect(line.handleData(text('ol')).kind).toBe('more');
    expect(line.handleData(text('leh\n')).kind).toBe('whole');

    const count = new PlainReply({ kind: 'bytes', count: 5 });
    count.expect(1);
    expect(count.handleData(text('1234')).kind).toBe('more');
    expect(count.handleData(text('5')).kind).toBe('whole');

    const close = new PlainReply({ kind: 'close' });
    close.expect(1);
    expect(close.handleData(text('all of it')).kind).toBe('more');
    expect(close.handleEnd().kind).toBe('whole');
  });

  it('is not begun by a banner, and is cut off by a close before its end', () => {
    const line = new PlainReply({ kind: 'line' });
    expect(line.handleData(text('220 ready\n')).kind).toBe('more');
    line.expect(1);
    expect(line.handleEnd()).toEqual({ kind: 'garbled', reason: 'closed' });
  });

  it('does not count a close without a byte as a reply', () => {
    const close = new PlainReply({ kind: 'close' });
    close.expect(1);
    expect(close.handleEnd().kind).toBe('garbled');
  });

  it('has a greatest length', () => {
    const line = new PlainReply({ kind: 'line' });
    line.expect(1);
    const chunk = new Uint8Array(replyBytesMax / 4);
    for (let i = 0; i < 4; i++) expect(line.handleData(chunk).kind).toBe('more');
    expect(line.handleData(chunk)).toEqual({ kind: 'garbled', reason: 'reply-too-long' });
  });
});

describe('a framed reply', () => {
  it('is known by its number: a late one is passed over', () => {
    const reader = new FramedReply();
    reader.expect(2);
    expect(reader.handleData(encodeReply(1, 10, 20, null, text('late'))).kind).toBe('more');
    expect(reader.handleData(encodeReply(2, 10, 25, null, text('ours')))).toEqual({
      kind: 'whole',
      times: { processingNs: 15, previousSendNs: null },
    });
  });

  it('may be a refusal, whose text holds ASCII only', () => {
    const reader = new FramedReply();
    reader.expect(1);
    expect(reader.handleData(encodeFrame('refusal', 0, 0, Uint8Array.of(82, 69, 0xff)))).toEqual({
      kind: 'refused',
      text: 'RE?',
    });
  });

  it('is garbled by anything else', () => {
    const reader = new FramedReply();
    reader.expect(1);
    expect(reader.handleData(text('Hello, World'))).toEqual({
      kind: 'garbled',
      reason: 'bad-magic',
    });
  });
});
