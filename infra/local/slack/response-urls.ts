import type { Ids } from './ids';

/** Slack: Handling user interaction, message responses. Five uses within thirty minutes. */
export const responseUses = 5;
export const responseLifeMs = 30 * 60_000;

export interface ResponseUrl {
  user: string;
  channel: string;
  madeAt: number;
  uses: number;
  /** The message that was acted on, or the last answer to the command: what `replace_original` means. */
  original?: string | undefined;
}

/** The response_urls that were handed out, on virtual time. */
export class ResponseUrls {
  readonly #urls = new Map<string, ResponseUrl>();
  readonly #ids: Ids;
  readonly #now: () => number;

  constructor(ids: Ids, now: () => number) {
    this.#ids = ids;
    this.#now = now;
  }

  /** The opaque end of a new response_url. */
  make(target: { user: string; channel: string; original?: string | undefined }): string {
    for (const [id, old] of this.#urls) {
      if (this.#isAlive(old)) break;
      this.#urls.delete(id);
    }
    const id = this.#ids.opaque();
    this.#urls.set(id, { ...target, madeAt: this.#now(), uses: 0 });
    return id;
  }

  /** What may still be done with it. Slack names a url that it has forgotten expired. */
  find(id: string): ResponseUrl | 'expired_url' | 'used_url' {
    const url = this.#urls.get(id);
    if (url === undefined || !this.#isAlive(url)) return 'expired_url';
    return url.uses >= responseUses ? 'used_url' : url;
  }

  #isAlive(url: ResponseUrl): boolean {
    return this.#now() - url.madeAt <= responseLifeMs;
  }
}
