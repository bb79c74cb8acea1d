/**
 * The new value, made of the old one's parts wherever these are equal: what did not change stays the same object, so
 * that React does not look at it again and nothing of an old state is kept but what the new one uses.
 */
export function share<Value>(before: unknown, after: Value): Value {
  if (Object.is(before, after)) return after;
  if (Array.isArray(before) && Array.isArray(after)) {
    const shared = after.map((item: unknown, index) => share(before[index], item));
    const isSame = before.length === shared.length && shared.every((item, index) => item === before[index]);
    // Either array holds equal items in the same order.
    return (isSame ? before : shared) as Value;
  }
  if (isRecord(before) && isRecord(after)) {
    const keys = Object.keys(after);
    const shared = Object.fromEntries(keys.map((key) => [key, share(before[key], after[key])]));
    const isSame =
      Object.keys(before).length === keys.length && keys.every((key) => key in before && before[key] === shared[key]);
    return (isSame ? before : shared) as Value;
  }
  return after;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
