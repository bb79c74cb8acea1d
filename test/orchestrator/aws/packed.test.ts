import { packed, unpacked } from '../../../orchestrator/aws/packed';

const settings = Object.fromEntries(
  Array.from({ length: 60 }, (_, index) => [`setting-${index}`, `arn:aws:rds:${index}`]),
);
const record = { id: 'r7k3q9xz', original: settings, model: settings, plan: { settings } };

test('a packed record is what it was before', () => {
  expect(unpacked(packed(record))).toEqual(record);
});

test('settings that stand in a record three times are written about once', () => {
  expect(packed(record).length).toBeLessThan(JSON.stringify(record).length / 3);
});

test('a record from when it was kept as text is read as well', () => {
  expect(unpacked(Buffer.from(packed(record)).toString('base64'))).toEqual(record);
});

test('a record from before records were packed is read as it is', () => {
  expect(unpacked(record)).toEqual(record);
});
