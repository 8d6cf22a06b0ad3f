/** `local.conf` of a home as a node reads it, at its start and while it runs; what may stand in it: `local-conf-schema.ts`. */
import { errorMessage } from '../base/errors.ts';
import { noPathRules } from '../core/path-policy.ts';
import { daemonError } from './errors.ts';
import { fileBytesMax, type Home } from './home.ts';
import type { LocalConf } from './local-conf-schema.ts';
import type { Log } from './log.ts';

/** No file. */
export const emptyLocalConf: LocalConf = {
  primaryPort: null,
  bind: [],
  interfacePrefixBlacklist: [],
  paths: noPathRules,
  allowTokenInUrl: false,
  ignored: [],
};

/** The object that the file holds. */
type Json = Readonly<Record<string, unknown>>;

/** `local.conf` of a home, as it was when it was last looked at. */
export class LocalConfFile {
  readonly #home: Home;
  readonly #log: Log;
  /** Settings that were named in the log. */
  readonly #named = new Set<string>();
  #text: string | null = null;
  #conf: LocalConf = emptyLocalConf;
  #json: Json = {};
  /** Changes are made one after the other. */
  #changing: Promise<unknown> = Promise.resolve();
  /** What was last said to be wrong with it. */
  #complaint = '';

  constructor(home: Home, log: Log) {
    this.#home = home;
    this.#log = log;
  }

  /** What it says; where it has become unusable, what it said before. */
  get conf(): LocalConf {
    return this.#conf;
  }

  /** All of what it holds, also what nothing is done with; what {@link conf} was made of. */
  get json(): Json {
    return this.#json;
  }

  /**
   * Changes settings: writes them into the file, where they count as if somebody had edited it.
   *
   * @param settings - each in place of the one of its name; null takes it out
   * @returns whether it says something else now
   * @throws LOCAL_CONF_INVALID, HOME_UNUSABLE; then nothing has changed
   */
  async change(settings: Json): Promise<boolean> {
    const changed = this.#changing.then(() => this.#change(settings));
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  /** Reads it for the first time. @throws LOCAL_CONF_INVALID, HOME_UNUSABLE */
  async open(): Promise<this> {
    await this.#take(await this.#read());
    return this;
  }

  /** Looks at it again. What is wrong with it is said once. @returns whether it says something else now */
  async look(): Promise<boolean> {
    const { primaryPort } = this.#conf;
    try {
      const text = await this.#read();
      if (text === this.#text) return false;
      this.#text = text;
      await this.#take(text);
    } catch (error) {
      const complaint = errorMessage(error);
      if (complaint !== this.#complaint)
        this.#log.warn('what local.conf said before still counts', { error: complaint });
      this.#complaint = complaint;
      return false;
    }
    this.#complaint = '';
    this.#log.info('local.conf was read again');
    if (primaryPort !== this.#conf.primaryPort)
      this.#log.warn('the port of local.conf counts from the next start on');
    return true;
  }

  async #change(settings: Json): Promise<boolean> {
    const text = await this.#read();
    const { json } = await this.#parse(text);
    const before = (json['settings'] ?? {}) as Json;
    const kept = Object.entries({ ...before, ...settings }).filter(
      ([name]) => settings[name] !== null,
    );
    const after = `${JSON.stringify({ ...json, settings: Object.fromEntries(kept) }, null, 4)}\n`;
    // What would not be read again is not written.
    await this.#parse(after);
    if (Buffer.byteLength(after) > fileBytesMax)
      throw daemonError('LOCAL_CONF_INVALID', `local.conf would be over ${fileBytesMax} bytes`, {
        remedy: 'send fewer settings, or edit the file',
      });
    await this.#home.keepLocalConf(after);
    return this.look();
  }

  async #parse(text: string | null): Promise<{ conf: LocalConf; json: Json }> {
    if (text === null) return { conf: emptyLocalConf, json: {} };
    // Loaded where there is something to read: what checks it takes longer to load than a node does.
    const { parseLocalConf } = await import('./local-conf-schema.ts');
    const conf = parseLocalConf(text, this.#home.path('local.conf'));
    return { conf, json: JSON.parse(text) as Json };
  }

  async #take(text: string | null): Promise<void> {
    const { conf, json } = await this.#parse(text);
    this.#text = text;
    this.#conf = conf;
    this.#json = json;
    const news = conf.ignored.filter((name) => !this.#named.has(name));
    for (const name of news) this.#named.add(name);
    if (news.length > 0)
      this.#log.warn('local.conf has settings that do nothing here', { names: news.join(',') });
  }

  async #read(): Promise<string | null> {
    const bytes = await this.#home.read('local.conf');
    return bytes === null ? null : Buffer.from(bytes).toString('utf8');
  }
}
