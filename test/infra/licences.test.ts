import { readFileSync } from 'node:fs';
import { licencesText, shippedPackages } from '../../infra/licences';

/** They ask for a notice at most, and nothing of whoever uses Trapheus. */
const permissive = /^(MIT|MIT-0|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0)$/;

describe('the licences of what is deployed', () => {
  const packages = shippedPackages(readFileSync('package-lock.json', 'utf8'));

  test('are all permissive', () => {
    expect(packages.map(({ name }) => name)).toContain('@slack/bolt');
    expect(packages.filter(({ licence = '' }) => !permissive.test(licence))).toEqual([]);
  });

  test('are listed as they are: npm run docs', () => {
    expect(readFileSync('docs/licences.md', 'utf8')).toBe(licencesText(packages));
  });

  test('packages for development are not among them, and one that says nothing is told', () => {
    const lock = {
      packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0', dev: true } },
    };
    const [only, ...others] = shippedPackages(JSON.stringify(lock));
    expect(others).toEqual([]);
    expect(licencesText([only ?? { name: '', version: '', licence: '' }])).toContain('| a | 1.0.0 | not said |');
  });
});
