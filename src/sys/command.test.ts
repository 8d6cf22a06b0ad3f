import { describe, expect, it } from 'vitest';

import { runCommand } from './command.ts';

const node = (script: string): string[] => [process.execPath, '-e', script];

describe('a command of the host', () => {
  it('returns what it wrote, and takes its arguments as they are', async () => {
    const script = 'console.log(process.argv[1]); console.error("e")';
    const output = await runCommand([...node(script), '$(id); "x"']);
    expect(output).toEqual({ stdout: '$(id); "x"\n', stderr: 'e\n' });
  });

  it('is given its input and its environment', async () => {
    const script = 'process.stdin.on("data", (d) => console.log(`${d}${process.env.COLOUR}`))';
    const { stdout } = await runCommand(node(script), {
      input: 'blue ',
      environment: { COLOUR: 'green' },
    });
    expect(stdout).toBe('blue green\n');
  });

  it('fails with what it said, escaped, and the given remedy', async () => {
    const script = 'console.error("\\x1b[31mno such thing"); process.exit(3)';
    await expect(runCommand(node(script), { remedy: 'make one' })).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringContaining('exit code 3: \\u{1b}[31mno such thing') as string,
      remedy: 'make one',
    });
  });

  it('is told apart from a refusal by the system', async () => {
    const script = 'console.error("RTNETLINK answers: Operation not permitted"); process.exit(2)';
    await expect(runCommand(node(script))).rejects.toMatchObject({ code: 'PERMISSION' });
  });

  it('that is not installed names its package', async () => {
    await expect(runCommand(['overspan-no-such-program'])).rejects.toMatchObject({
      code: 'COMMAND_MISSING',
      details: { program: 'overspan-no-such-program' },
    });
  });

  it('that does not end is killed, even when it ignores SIGTERM', async () => {
    const script = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)';
    await expect(runCommand(node(script), { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'COMMAND_TIMED_OUT',
    });
  });

  it('is killed when the signal is aborted, and not begun after that', async () => {
    const stop = new AbortController();
    const running = runCommand(node('setInterval(() => {}, 1000)'), { signal: stop.signal });
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'COMMAND_INTERRUPTED' });
    await expect(
      runCommand(['overspan-no-such-program'], { signal: stop.signal }),
    ).rejects.toMatchObject({ code: 'COMMAND_INTERRUPTED' });
  });

  it('keeps the beginning of too much output, and every character whole', async () => {
    const script = 'process.stdout.write("é".repeat(100_000))';
    const whole = await runCommand(node(script));
    expect(whole.stdout).toBe('é'.repeat(100_000));
    const cut = await runCommand(node(script), { outputBytesMax: 10 });
    expect(cut.stdout).toBe('ééééé');
  });
});
