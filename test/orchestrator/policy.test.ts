import { readFileSync } from 'node:fs';
import { judge, parsePolicy, ruleFor, settingsFor } from '../../orchestrator/policy';
import { approver } from '../../orchestrator/rules/approver';
import { channel } from '../../orchestrator/rules/channel';
import { fourEyes } from '../../orchestrator/rules/four-eyes';
import { reason } from '../../orchestrator/rules/reason';
import { requester } from '../../orchestrator/rules/requester';

const policy = parsePolicy(`
rules:
  - name: production
    databases: ['*-prod']
    request: [U0ANA]
    approve: { by: [U0BEN, U0ANA], count: 1 }
    channels: [C0OPS]
  - name: everything else
    databases: ['*']
    request: everyone
    approve: { by: [U0ANA], count: 1, self: true }
databases:
  - databases: ['*-prod']
    hold: 48h
`);

const [production, rest] = policy.rules;
if (!production || !rest) throw new Error('the policy of this test has two rules');
const facts = {
  rule: production,
  database: 'orders-prod',
  person: 'U0ANA',
  channel: 'C0OPS',
  reason: 'drill',
  requester: 'U0ANA',
  run: 'r2345678',
};

describe('which rule counts', () => {
  test('the first one whose pattern names the database, whatever its case', () => {
    expect(ruleFor(policy, 'ORDERS-prod')?.name).toBe('production');
    expect(ruleFor(policy, 'orders-staging')?.name).toBe('everything else');
  });

  test('no rule, no restore', () => {
    expect(ruleFor({ ...policy, rules: [production] }, 'orders-staging')).toBeUndefined();
  });

  test('what policy.yml does not say about a database has safe defaults', () => {
    expect(settingsFor(policy, 'orders-staging')).toMatchObject({
      hold: 24 * 3_600_000,
      safetySnapshot: true,
      finalSnapshot: true,
      keepAutomatedBackups: true,
    });
    expect(settingsFor(policy, 'orders-prod').hold).toBe(48 * 3_600_000);
  });
});

describe('a rule explains its no', () => {
  test.each([
    ['who may ask', requester, { ...facts, person: 'U0OMAR' }, 'not-a-requester'],
    ['where', channel, { ...facts, channel: 'C0RANDOM' }, 'wrong-channel'],
    ['why', reason, { ...facts, reason: '  ' }, 'reason-missing'],
    ['who may decide', approver, { ...facts, person: 'U0OMAR' }, 'not-an-approver'],
    ['not for oneself', fourEyes, facts, 'own-request'],
  ] as const)('%s', (_, rule, given, code) => {
    const verdict = rule(given);

    expect(verdict.ok).toBe(false);
    expect(!verdict.ok && verdict.problem.code).toBe(code);
    expect(!verdict.ok && `${verdict.problem.message} ${verdict.problem.hint}`).not.toContain('undefined');
  });

  test('one that allows it lets the next one speak', () => {
    const verdict = judge([requester, channel, reason, approver, fourEyes], facts);

    expect(!verdict.ok && verdict.problem.code).toBe('own-request');
  });

  test('a rule may let the requester count', () => {
    expect(fourEyes({ ...facts, rule: rest })).toEqual({ ok: true });
  });
});

describe('policy.yml', () => {
  test('the one that ships is valid', () => {
    expect(() => parsePolicy(readFileSync('policy.yml', 'utf8'))).not.toThrow();
  });

  test('all mistakes are reported at once, each with its place', () => {
    const text = `
rules:
  - name: a
    databases: ['*_x']
    request: [ana]
    approve: { by: [U1], count: 2 }
    expires: soon
databases:
  - { databases: ['*'], hold: 3d, maximumHold: 1d }
`;
    expect(() => parsePolicy(text)).toThrow(/rules\.0\.databases\.0[^]*rules\.0\.request[^]*rules\.0\.expires/);
    expect(() => parsePolicy('rules: []\ndatabases: [{ databases: ["*"], hold: 3d, maximumHold: 1d }]')).toThrow(
      'maximumHold: shorter than hold',
    );
    expect(() =>
      parsePolicy(
        "rules: [{ name: a, databases: ['*'], request: everyone, approve: { by: [U1], count: 2 } }]\ndatabases: []",
      ),
    ).toThrow('2 approvals, but 1 approvers');
  });

  test('an unknown word is refused, never ignored', () => {
    expect(() => parsePolicy('rules: []\ndatabases: []\nfreeze: true')).toThrow('freeze');
  });
});
