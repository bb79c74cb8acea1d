import { SharedReads } from '../../../orchestrator/aws/shared-reads';

let now = 0;
let calls = 0;
const ask = async () => {
  calls += 1;
  return calls;
};
const shared = () => new SharedReads({ now: () => now }, 5_000);
beforeEach(() => {
  now = 1_000_000;
  calls = 0;
});

test('as long as few ask, each gets an answer of its own', async () => {
  const reads = shared();
  for (const expected of [1, 2, 3]) expect(await reads.read('quotas', 3, ask)).toBe(expected);
});

test('many are answered together, until the answer is some seconds old', async () => {
  const reads = shared();
  for (let asked = 0; asked < 50; asked += 1) await reads.read('quotas', 3, ask);
  expect(calls).toBe(3);

  now += 5_001;
  await reads.read('quotas', 3, ask);
  expect(calls).toBe(4);
});

test('what was asked long ago makes no crowd, and other questions neither', async () => {
  const reads = shared();
  for (let asked = 0; asked < 4; asked += 1) expect(reads.isCrowded('names', 3)).toBe(asked === 3);
  expect(reads.isCrowded('states', 3)).toBe(false);
  now += 10_001;
  expect(reads.isCrowded('names', 3)).toBe(false);
});

test('a refusal is everybody’s for a moment: nobody takes the calls that one answer needs', async () => {
  const reads = shared();
  const refuse = async () => {
    calls += 1;
    throw new Error('Throttling');
  };
  for (let asked = 0; asked < 50; asked += 1) await expect(reads.read('all', 0, refuse)).rejects.toThrow('Throttling');
  expect(calls).toBe(1);

  now += 3_001;
  expect(await reads.read('all', 0, ask)).toBe(2);
});
