import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import type { Clock } from '../ports';

const SlackSecret = z.object({
  botToken: z.string().check(z.startsWith('xoxb-')),
  signingSecret: z.string().check(z.minLength(1)),
});

export interface SlackSecrets {
  botToken: string;
  signingSecret: string;
  /** Accepted as well, so that a rotated secret refuses nobody. */
  previousSigningSecret?: string;
}

/** Long enough to cost nothing, short enough that a rotation needs no deployment. */
const lifeMs = 5 * 60_000;

/** Reads `{ botToken, signingSecret }` from one secret, and keeps it for five minutes. Never logged. */
export class Secrets {
  readonly #client: SecretsManagerClient;
  readonly #id: string;
  readonly #clock: Clock;
  #kept: { value: SlackSecrets; until: number } | undefined;

  constructor(client: SecretsManagerClient, id: string, clock: Clock) {
    this.#client = client;
    this.#id = id;
    this.#clock = clock;
  }

  async read(): Promise<SlackSecrets> {
    if (this.#kept && this.#clock.now() < this.#kept.until) return this.#kept.value;
    const [current, previous] = await Promise.all([this.#version('AWSCURRENT'), this.#version('AWSPREVIOUS')]);
    if (current === undefined) throw new Error(`the secret ${this.#id} has no value`);
    const isRotated = previous !== undefined && previous.signingSecret !== current.signingSecret;
    const value = { ...current, ...(isRotated && { previousSigningSecret: previous.signingSecret }) };
    this.#kept = { value, until: this.#clock.now() + lifeMs };
    return value;
  }

  async #version(stage: string): Promise<z.infer<typeof SlackSecret> | undefined> {
    try {
      const { SecretString } = await this.#client.send(
        new GetSecretValueCommand({ SecretId: this.#id, VersionStage: stage }),
      );
      return SlackSecret.parse(JSON.parse(SecretString ?? ''));
    } catch (error) {
      if (stage === 'AWSPREVIOUS') return undefined;
      // What is wrong with a secret must not be said with the secret in it, so the cause is left out on purpose.
      const name = error instanceof Error ? error.name : 'unknown error';
      // eslint-disable-next-line preserve-caught-error
      throw new Error(`the secret ${this.#id} cannot be read: ${name}`);
    }
  }
}
