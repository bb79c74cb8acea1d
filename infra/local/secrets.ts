import { z } from 'zod';
import type { VirtualClock } from './clock';
import { uuid } from './ids';
import { JsonService, type Operation, operation, ServiceError, seconds } from './json';
import type { RefusalKind } from './service';

interface Version {
  id: string;
  value: string;
  stages: string[];
  createdAt: number;
}

interface Secret {
  arn: string;
  name: string;
  createdAt: number;
  versions: Version[];
}

export interface SecretsOptions {
  clock: VirtualClock;
  accessKeyId: string;
  region: string;
  accountId: string;
  /** Name to value. */
  secrets: Readonly<Record<string, string>>;
}

const text = z.string();

/** Secrets Manager: API "secretsmanager", AWS JSON 1.1; string values with the stages AWSCURRENT and AWSPREVIOUS. */
export class Secrets extends JsonService {
  readonly service = 'secretsmanager';
  protected readonly dialect = {
    target: 'secretsmanager',
    version: '1.1',
    namespace: 'com.amazonaws.secretsmanager',
  } as const;
  readonly #clock: VirtualClock;
  readonly #secrets: Secret[];

  constructor(options: SecretsOptions) {
    super(options.accessKeyId);
    this.#clock = options.clock;
    const createdAt = options.clock.now();
    this.#secrets = Object.entries(options.secrets).map(([name, value]) => ({
      // AWS appends a hyphen and six characters of its own.
      arn: `arn:aws:secretsmanager:${options.region}:${options.accountId}:secret:${name}-${uuid(name).slice(0, 6)}`,
      name,
      createdAt,
      versions: [{ id: uuid(`${name} 1`), value, stages: ['AWSCURRENT'], createdAt }],
    }));
  }

  /** The ARN of a secret, for the environment of a function. */
  arn(name: string): string {
    return this.#find(name).arn;
  }

  protected readonly operations: Readonly<Record<string, Operation>> = {
    GetSecretValue: operation(
      z.strictObject({ SecretId: text.min(1), VersionId: text.optional(), VersionStage: text.optional() }),
      ({ SecretId, VersionId, VersionStage }) => {
        const secret = this.#find(SecretId);
        const stage = VersionStage ?? (VersionId === undefined ? 'AWSCURRENT' : undefined);
        const version = secret.versions.find(
          ({ id, stages }) =>
            (VersionId === undefined || id === VersionId) && (stage === undefined || stages.includes(stage)),
        );
        if (version === undefined)
          throw notFound(
            `Secrets Manager can't find the specified secret value for ${stage === undefined ? `VersionId: ${VersionId}` : `staging label: ${stage}`}`,
          );
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: version.id,
          SecretString: version.value,
          VersionStages: version.stages,
          CreatedDate: seconds(version.createdAt),
        };
      },
    ),

    DescribeSecret: operation(z.strictObject({ SecretId: text.min(1) }), ({ SecretId }) => {
      const { arn, name, createdAt, versions } = this.#find(SecretId);
      const changedAt = Math.max(...versions.map((version) => version.createdAt));
      return {
        ARN: arn,
        Name: name,
        CreatedDate: seconds(createdAt),
        LastChangedDate: seconds(changedAt),
        VersionIdsToStages: Object.fromEntries(
          versions.filter(({ stages }) => stages.length > 0).map(({ id, stages }) => [id, stages]),
        ),
      };
    }),

    PutSecretValue: operation(
      z.strictObject({
        SecretId: text.min(1),
        SecretString: text.min(1).max(65_536),
        ClientRequestToken: text.min(32).max(64).optional(),
      }),
      ({ SecretId, SecretString, ClientRequestToken }) => {
        const secret = this.#find(SecretId);
        const id = ClientRequestToken ?? uuid(`${secret.name} ${secret.versions.length + 1}`);
        const made = secret.versions.find((version) => version.id === id);
        if (made !== undefined && made.value !== SecretString)
          throw new ServiceError(
            'ResourceExistsException',
            `A resource with the version ID ${id} already exists with other contents.`,
          );
        const version = made ?? this.#put(secret, id, SecretString);
        return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages };
      },
    ),
  };

  protected refuse(kind: RefusalKind, operation: string): ServiceError {
    switch (kind) {
      case 'throttle':
        return new ServiceError('ThrottlingException', 'Rate exceeded');
      case '5xx':
        return new ServiceError('InternalServiceError', 'An error occurred on the server side.', 500);
      case 'access-denied':
        return new ServiceError(
          'AccessDeniedException',
          `User is not authorized to perform: secretsmanager:${operation}`,
        );
      case 'not-found':
        return notFound();
      case 'wrong-state':
        return new ServiceError(
          'InvalidRequestException',
          'You can’t perform this operation on the secret because it was marked for deletion.',
        );
      case 'quota':
        return new ServiceError('LimitExceededException', 'The request failed because it would exceed a quota.');
    }
  }

  #put(secret: Secret, id: string, value: string): Version {
    for (const version of secret.versions)
      version.stages = version.stages.includes('AWSCURRENT') ? ['AWSPREVIOUS'] : [];
    const version: Version = { id, value, stages: ['AWSCURRENT'], createdAt: this.#clock.now() };
    secret.versions.push(version);
    return version;
  }

  #find(id: string): Secret {
    const secret = this.#secrets.find(({ arn, name }) => id === name || id === arn);
    if (secret === undefined) throw notFound();
    return secret;
  }
}

function notFound(message = "Secrets Manager can't find the specified secret."): ServiceError {
  return new ServiceError('ResourceNotFoundException', message);
}
