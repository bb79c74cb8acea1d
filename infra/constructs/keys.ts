import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Options } from '../options';

/** Who encrypts what is kept: AWS with keys of its own, a key of the stack's, or one that is given. */
export class Keys extends Construct {
  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, { encryption }: Pick<Options, 'encryption'>) {
    super(scope, id);
    if (encryption === 'aws-managed') return;
    this.#key = encryption === 'own-key' ? this.#own() : Key.fromKeyArn(this, 'Given', encryption);
  }

  /** A key whose policy lets in the services that publish and write here; roles need the right besides. */
  #own(): IKey {
    const key = new Key(this, 'Key', {
      description: 'Trapheus: its table, queues, topic, logs and secret',
      enableKeyRotation: true,
      // Without it nobody could read the records that stay when the stack goes.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const { account, region } = Stack.of(this);
    const services = ['cloudwatch', 'events', 'sns', 'sqs', 'lambda', 'scheduler'].map(
      (service) => new ServicePrincipal(`${service}.amazonaws.com`),
    );
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ServicesThatSendHere',
        principals: services,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Logs',
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        resources: ['*'],
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws*:logs:${region}:${account}:*` } },
      }),
    );
    return key;
  }

  table(): object {
    return this.#key ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: this.#key } : {};
  }

  queue(): object {
    return this.#key
      ? { encryption: QueueEncryption.KMS, encryptionMasterKey: this.#key }
      : { encryption: QueueEncryption.SQS_MANAGED };
  }

  /** For logs and secrets. */
  kept(): object {
    return this.#key ? { encryptionKey: this.#key } : {};
  }

  /** Without a key of ours a topic stays as it is: CloudWatch cannot publish under AWS's own (SNS: Key management). */
  topic(): object {
    return this.#key ? { masterKey: this.#key } : {};
  }

  /** What a role needs to read and write what is kept, through the services that keep it only. */
  use(): PolicyStatement[] {
    if (this.#key === undefined) return [];
    const { region } = Stack.of(this);
    const via = ['dynamodb', 'sqs', 'secretsmanager'].map((service) => `${service}.${region}.amazonaws.com`);
    return [
      new PolicyStatement({
        sid: 'UseTheKey',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [this.#key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': via } },
      }),
    ];
  }
}
