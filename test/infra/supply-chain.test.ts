import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

const workflows = readdirSync('.github/workflows').map((file) => join('.github/workflows', file));
const Workflow = z.object({
  name: z.string(),
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(
    z.string(),
    z.object({
      'timeout-minutes': z.number(),
      strategy: z.object({ matrix: z.object({ node: z.array(z.number()) }) }).optional(),
      steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() })),
    }),
  ),
});
const read = (file: string) => Workflow.parse(parse(readFileSync(file, 'utf8')));
const runs = (file: string) => Object.values(read(file).jobs).flatMap(({ steps }) => steps.map(({ run }) => run ?? ''));
/** Every script that a text says npm runs. */
const scripts = (text: string) =>
  [...text.matchAll(/npm run (?:-s |--silent )?([\w:-]+)/g)].map(([, name]) => name ?? '');
const known = Object.keys(
  z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(readFileSync('package.json', 'utf8')))
    .scripts,
);

describe('the workflows', () => {
  test.each(workflows)(
    '%s may read the code and nothing else, where a job does not say more, and ends by itself',
    (file) => {
      const { permissions, jobs } = read(file);

      expect(permissions).toEqual({ contents: 'read' });
      for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
    },
  );

  test('CI and the release run the one check of this repository, CI on every Node that is promised', () => {
    expect(runs('.github/workflows/ci.yml')).toContain('.ci/run');
    expect(runs('.github/workflows/release.yml')).toContain('.ci/run');
    const matrices = Object.values(read('.github/workflows/ci.yml').jobs).flatMap(
      ({ strategy }) => strategy?.matrix.node ?? [],
    );
    expect(matrices).toEqual([20, 22, 24]);
  });

  test('whatever they, the check and the documents call is there', () => {
    const texts = [...workflows, '.ci/run', 'README.md', 'CONTRIBUTING.md', 'docs/runbook.md'].map((file) =>
      readFileSync(file, 'utf8'),
    );

    expect([...new Set(texts.flatMap(scripts))].filter((name) => !known.includes(name))).toEqual([]);
  });
});

test('Dependabot watches the packages and the actions', () => {
  const { updates } = parse(readFileSync('.github/dependabot.yml', 'utf8')) as {
    updates: { 'package-ecosystem': string }[];
  };

  expect(updates.map((one) => one['package-ecosystem'])).toEqual(['npm', 'github-actions']);
});

describe('SECURITY.md', () => {
  const rows = readFileSync('SECURITY.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (Threat|---)/.test(line));
  const paths = (cell = '') => [...cell.matchAll(/`([^` ]+)`/g)].map(([, path]) => path ?? '');

  test.each(rows.map((row) => row.slice(2, -2).split(' | ')))('%s: the control and its test are there', (...cells) => {
    const [, , where, tried] = cells;

    expect(cells).toHaveLength(4);
    expect(paths(where).length).toBeGreaterThan(0);
    expect(paths(tried).length).toBeGreaterThan(0);
    for (const path of [...paths(where), ...paths(tried)]) expect([path, existsSync(path)]).toEqual([path, true]);
    for (const path of paths(tried)) expect(path).toMatch(/^test\/.*\.test\.ts$/);
  });
});

test('whatever of the sandbox listens does so on this machine alone', () => {
  const files = readdirSync('infra/local', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const listening = files.flatMap((file) =>
    [...readFileSync(join('infra/local', file), 'utf8').matchAll(/(?:server|page)\.listen\((.*)\)/g)].map(
      ([, given]) => given,
    ),
  );

  expect(listening.length).toBeGreaterThan(2);
  expect(listening.filter((given) => !given?.includes("'127.0.0.1'"))).toEqual([]);
});

describe('the lock file', () => {
  const Locked = z.object({
    resolved: z.string().optional(),
    integrity: z.string().optional(),
    /** Comes inside of another package, which is proven. */
    inBundle: z.boolean().optional(),
    optionalDependencies: z.record(z.string(), z.string()).optional(),
  });
  const { packages } = z
    .object({ packages: z.record(z.string(), Locked) })
    .parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  const all = Object.entries(packages).filter(([path]) => path !== '');

  test('proves every package, and takes none from elsewhere than the registry', () => {
    const unproven = all.filter(
      ([, { integrity, inBundle }]) => inBundle !== true && !integrity?.startsWith('sha512-'),
    );
    // A package that names no place comes from the registry that the machine is set to.
    const elsewhere = all.filter(([, { resolved }]) => resolved !== undefined);

    expect([...unproven, ...elsewhere].map(([path]) => path)).toEqual([]);
  });

  test('has the packages of every platform, and not only of the one where it was written', () => {
    const wanted = all.flatMap(([path, { inBundle, optionalDependencies = {} }]) =>
      inBundle === true ? [] : Object.keys(optionalDependencies).map((name) => ({ path, name })),
    );

    expect(wanted.length).toBeGreaterThan(50);
    const missing = wanted.filter(
      ({ path, name }) => !(`${path}/node_modules/${name}` in packages || `node_modules/${name}` in packages),
    );
    expect(missing).toEqual([]);
  });
});
