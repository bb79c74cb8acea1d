import { countSettings } from '../../orchestrator/settings';

test('the settings of each member count as its own, as they do in the report', () => {
  const member = { class: 'db.r6g.large', promotionTier: 1 };
  expect(countSettings({ port: 5432, members: { 'orders-1': member, 'orders-2': member } })).toBe(5);
  expect(countSettings({ port: 5432, multiAz: true })).toBe(2);
  expect(countSettings({ port: 5432, members: {} })).toBe(1);
});
