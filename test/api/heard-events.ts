/** What a listener to the events of /api/v1 has heard. */

type Json = Readonly<Record<string, unknown>>;

/** See the head of this file. */
export class HeardEvents {
  readonly #stop: AbortController;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = '';

  private constructor(stop: AbortController, reader: ReadableStreamDefaultReader<string>) {
    this.#stop = stop;
    this.#reader = reader;
  }

  /** Listens from now on. */
  static async listen(url: string, token: string): Promise<HeardEvents> {
    const stop = new AbortController();
    const headers = { Authorization: `Bearer ${token}` };
    const response = await fetch(url, { headers, signal: stop.signal });
    return new HeardEvents(stop, response.body!.pipeThrough(new TextDecoderStream()).getReader());
  }

  /** Reads on until what was heard is as it is wanted to be. */
  async until(isSo: (text: string) => boolean): Promise<void> {
    while (!isSo(this.#text)) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error(`ended after: ${this.#text}`);
      this.#text += value;
    }
  }

  /** Those of a kind, in order. */
  of(kind: string): Json[] {
    return this.#text.split('\n\n').flatMap((block) => {
      const data = new RegExp(`^event: ${kind}\\ndata: (.*)$`, 'm').exec(block)?.[1];
      return data === undefined ? [] : [JSON.parse(data) as Json];
    });
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#reader.cancel().catch(() => undefined);
  }
}
