/** `local.conf` of a home as a node reads it, at its start and while it runs; what may stand in it: `local-conf-schema.ts`. */
import { errorMessage } from '../base/errors.ts';
import { noPathRules } from '../core/path-policy.ts';
import type { Home } from './home.ts';
import type { LocalConf } from './local-conf-schema.ts';
import type { Log } from './log.ts';

/** No file. */
export const emptyLocalConf: LocalConf = {
  primaryPort: null,
  bind: [],
  interfacePrefixBlacklist: [],
  paths: noPathRules,
  ignored: [],
};

/** `local.conf` of a home, as it was when it was last looked at. */
export class LocalConfFile {
  readonly #home: Home;
  readonly #log: Log;
  /** Settings that were named in the log. */
  readonly #named = new Set<string>();
  #text: string | null = null;
  #conf: LocalConf = emptyLocalConf;
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

  /** Reads it for the first time. @throws LOCAL_CONF_INVALID, HOME_UNUSABLE */
  async open(): Promise<this> {
    this.#text = await this.#read();
    this.#take(await this.#parse());
    return this;
  }

  /** Looks at it again. What is wrong with it is said once. @returns whether it says something else now */
  async look(): Promise<boolean> {
    const { primaryPort } = this.#conf;
    try {
      const text = await this.#read();
      if (text === this.#text) return false;
      this.#text = text;
      this.#take(await this.#parse());
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

  async #parse(): Promise<LocalConf> {
    const text = this.#text;
    if (text === null) return emptyLocalConf;
    // Loaded where there is something to read: what checks it takes longer to load than a node does.
    const { parseLocalConf } = await import('./local-conf-schema.ts');
    return parseLocalConf(text, this.#home.path('local.conf'));
  }

  #take(conf: LocalConf): void {
    this.#conf = conf;
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
