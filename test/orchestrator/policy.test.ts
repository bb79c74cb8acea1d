import { readFileSync } from 'node:fs';
import { countsAs, hasEnough, judge, parsePolicy, ruleFor, ruleForAll, settingsFor } from '../../orchestrator/policy';
import { approver } from '../../orchestrator/rules/approver';
import { channel } from '../../orchestrator/rules/channel';
import { fourEyes } from '../../orchestrator/rules/four-eyes';
import { glassBreaker } from '../../orchestrator/rules/glass-breaker';
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

describe('groups', () => {
  const grouped = parsePolicy(`
rules:
  - name: both
    databases: ['*-prod']
    request: everyone
    approve: { by: [S0DBA, U0OMAR], count: 2 }
    breakGlass: { by: [S0LEADS] }
  - name: people
    databases: ['*-staging']
    request: everyone
    approve: { by: [U0BEN, U0OMAR], count: 1 }
databases: []
`);
  const rule = ruleFor(grouped, 'orders-prod');
  if (!rule) throw new Error('the policy of this test covers it');
  const asked = { ...facts, rule, requester: 'U0ANA' };

  test('a member is let in as one of the group; who is no member is not', () => {
    expect(approver({ ...asked, person: 'U0BEN', groups: { of: ['S0DBA'], unknown: [] } })).toEqual({ ok: true });
    expect(approver({ ...asked, person: 'U0BEN', groups: { of: ['S0OTHER'], unknown: [] } }).ok).toBe(false);
    expect(approver({ ...asked, person: 'U0BEN' }).ok).toBe(false);
  });

  test('a group that nobody could read lets nobody in, and says so; by name one is let in all the same', () => {
    const unread = { of: [], unknown: ['S0DBA', 'S0LEADS'] };
    const verdict = approver({ ...asked, person: 'U0BEN', groups: unread });
    expect(!verdict.ok && verdict.problem).toMatchObject({ code: 'groups-unknown', retry: true });
    expect(approver({ ...asked, person: 'U0OMAR', groups: unread })).toEqual({ ok: true });
    const emergency = glassBreaker({ ...asked, person: 'U0BEN', groups: unread });
    expect(!emergency.ok && emergency.problem.code).toBe('groups-unknown');
  });

  test('a group cannot pass for a person’s id', () => {
    expect(approver({ ...asked, person: 'S0DBA2' }).ok).toBe(false);
    expect(countsAs(rule.approve, ['U0BEN', 'S0DBA'])).toEqual(['S0DBA']);
  });

  test('where data of one goes to another, an approver has to be named by both', () => {
    const joined = ruleForAll(grouped, ['orders-prod', 'orders-staging']);
    if (!joined) throw new Error('both have a rule');
    expect(countsAs(joined.approve, ['U0OMAR'])).toEqual(['U0OMAR']);
    expect(countsAs(joined.approve, ['U0BEN', 'S0DBA'])).toEqual(['U0BEN', 'S0DBA']);
    expect(countsAs(joined.approve, ['U0BEN'])).toEqual([]);
    expect(countsAs(joined.approve, ['U0CHLOE', 'S0DBA'])).toEqual([]);
    expect(joined).toMatchObject({ secondLook: false, approve: { count: 2 } });
    // Breaking the glass takes the right in both.
    expect(joined.breakGlass).toBeUndefined();
  });

  test('whether there are enough of them only Slack can tell', () => {
    expect(hasEnough({ by: ['S0DBA'] }, 3)).toBe(true);
    expect(hasEnough({ by: ['U1', 'U1', 'U2'] }, 3)).toBe(false);
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

  test('so are those of freezes, windows and emergencies', () => {
    const text = `
administrators: [ana]
freezes:
  - { name: one, from: 2026-12-24 18:00, until: 2026-12-24 08:00, reason: x }
  - { name: two, from: 2026-02-30 18:00, until: tomorrow, zone: Mars/Olympus, reason: '' }
rules:
  - name: a
    databases: ['*']
    request: everyone
    approve: { by: [], count: 0, quiet: [someone] }
    breakGlass: { by: [] }
    secondLook: true
    windows: [{ days: [someday], from: '25:00', to: '4' }]
    route: general
    remind: often
databases: []
`;
    let told = '';
    try {
      parsePolicy(text);
    } catch (error) {
      told = String(error);
    }
    for (const place of [
      'administrators.0',
      'freezes.1.from',
      'freezes.1.until',
      'freezes.1.zone',
      'freezes.1.reason',
      'rules.0.approve.quiet.0',
      'rules.0.breakGlass.by',
      'rules.0.windows.0.days.0',
      'rules.0.windows.0.from',
      'rules.0.windows.0.to',
      'rules.0.route',
      'rules.0.remind',
    ])
      expect(told).toContain(place);
    const ends = (text: string) => `rules: []\ndatabases: []\nfreezes: [${text}]`;
    expect(() =>
      parsePolicy(ends('{ name: one, from: 2026-12-24 18:00, until: 2026-12-24 08:00, reason: x }')),
    ).toThrow('freezes.0.until: not after its beginning');
    const look = 'approve: { by: [], count: 0 }, secondLook: true';
    expect(() =>
      parsePolicy(`rules: [{ name: a, databases: ['*'], request: everyone, ${look} }]\ndatabases: []`),
    ).toThrow('nobody could press “Swap now”');
  });

  test('an unknown word is refused, never ignored', () => {
    expect(() => parsePolicy('rules: []\ndatabases: []\nfreeze: true')).toThrow('freeze');
  });
});
