import type { MasterUserSecret } from '@aws-sdk/client-rds';
import { secretArn } from './naming';
import type { Query } from './query';
import type { World } from './world';

/** A new secret every time: one who used the old ARN must be pointed to this one. */
export function secretFor(world: World, query: Query): MasterUserSecret {
  const key = query.text('MasterUserSecretKmsKeyId');
  return {
    SecretArn: secretArn(world, world.nextSecretSeed()),
    SecretStatus: 'creating',
    KmsKeyId: key === undefined ? world.lookups.keyArn('alias/aws/secretsmanager') : world.lookups.kmsKey(key),
  };
}
