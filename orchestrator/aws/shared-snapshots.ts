/**
 * Why a snapshot that another account shares is of no use here. The default key of RDS cannot be shared with another
 * account (RDS User Guide, Sharing encrypted snapshots), so that nobody but its owner can read what it encrypts.
 */
export function unusableReason(type: string | undefined, kmsKey: string | undefined): string | undefined {
  const isOthersDefaultKey = type === 'shared' && /:alias\/aws\/rds$/.test(kmsKey ?? '');
  return isOthersDefaultKey
    ? 'it is encrypted with the default aws/rds key of its account, which AWS lets nobody else use'
    : undefined;
}
