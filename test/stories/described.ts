import type { DBInstance } from '@aws-sdk/client-rds';

/** Everything that Describe says of a database but its names, what makes it this one, and what passes. */
export function settingsOf(database: DBInstance): object {
  const {
    DBInstanceIdentifier: _,
    DBInstanceArn: _1,
    Endpoint,
    DbiResourceId: _2,
    InstanceCreateTime: _3,
    LatestRestorableTime: _4,
    // RDS puts the copy and its standby where it likes.
    AvailabilityZone: _5,
    SecondaryAvailabilityZone: _6,
    // The volume is still read from its snapshot.
    StorageOperationStatus: _7,
    StorageOperationPercentProgress: _8,
    TagList,
    ...settings
  } = database;
  return { ...settings, port: Endpoint?.Port, tags: TagList?.filter(({ Key }) => !Key?.startsWith('trapheus:')) };
}
