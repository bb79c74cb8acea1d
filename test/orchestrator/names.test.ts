import fc from 'fast-check';
import { isOwnName, namesFor, runIdFor, runIdPattern } from '../../orchestrator/names';

/** RDS API Reference, CreateDBInstance: 1 to 63 letters, digits and hyphens, first a letter, no double or trailing hyphen. */
const rdsIdentifier = /^(?=.{1,63}$)[a-z](-?[a-z0-9])*$/;
const identifiers = fc.stringMatching(/^[a-z](-?[a-z0-9]){0,40}$/).filter((name) => name.length <= 63);

test('the same form gives the same run, another form another one', () => {
  expect(runIdFor('T1:V1')).toBe(runIdFor('T1:V1'));
  expect(runIdFor('T1:V1')).not.toBe(runIdFor('T1:V2'));
});

test('a run id is short, speakable and fits a name', () => {
  fc.assert(fc.property(fc.string(), (key) => runIdPattern.test(runIdFor(key))));
});

test('every name that a run gives is one that RDS takes, however long the database’s is', () => {
  fc.assert(
    fc.property(identifiers, fc.string(), (database, key) => {
      const names = Object.values(namesFor(database, runIdFor(key)));
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(rdsIdentifier);
    }),
  );
});

test('63 characters are cut, and the run can still be read off the end', () => {
  const names = namesFor('reporting-warehouse-of-the-emea-region-for-quarterly-numbers-01', 'r2345678');

  expect(names.copy).toBe('reporting-warehouse-of-the-emea-region-for-qu-trapheus-r2345678');
  expect(names.aside.endsWith('-old-r2345678')).toBe(true);
});

test('only a run’s own names are its own: a name with -temp- or of another run is not', () => {
  expect(isOwnName('orders-trapheus-r2345678', 'r2345678')).toBe(true);
  expect(isOwnName('orders-old-r2345678', 'r2345678')).toBe(true);
  expect(isOwnName('orders-old-r2345679', 'r2345678')).toBe(false);
  expect(isOwnName('orders-temp-2', 'r2345678')).toBe(false);
  expect(isOwnName('orders', 'r2345678')).toBe(false);
});
