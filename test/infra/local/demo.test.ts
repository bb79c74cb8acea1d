import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { tellDemo } from '../../../infra/local/demo/tale';
import { plain } from '../../../infra/local/demo/words';
import { MemoryEngine } from '../../fast/memory-engine';
import { wiredFront } from '../../fast/wires';

const root = resolve(__dirname, '../../..');

/** Rejects when it does not end by itself with 0. */
async function demo(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'infra/local/demo.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH },
  });
  return stdout;
}

/** The same, told in this process without sockets. */
async function told(): Promise<string> {
  const lines: string[] = [];
  await tellDemo(plain, (line) => lines.push(`${line}\n`), { front: wiredFront, tableEngine: new MemoryEngine() });
  return lines.join('');
}

test('the demo tells of a restore and of one that is taken back, and always in the same words', async () => {
  const [first, second] = await Promise.all([demo(), told()]);

  expect(second).toBe(first);
  const at = (text: string) => {
    expect(first).toContain(text);
    return first.indexOf(text);
  };
  const story = [
    'Ana       /trapheus restore orders-staging',
    'Waiting for approval: orders-staging',
    'Ben       [Approve]',
    '✓ Prove it equal',
    '✓ Restored: orders-staging',
    'settings proven equal, nobody answered for',
    'Ana       /trapheus restore analytics-staging',
    'the original takes its name back',
    '✗ Failed: analytics-staging',
    'After: the same database, under its own name',
  ].map(at);
  expect(story).toEqual(story.toSorted((a, b) => a - b));
  expect(first).not.toMatch(/<[@#!]|:\w+:(?!\d)|undefined|\u001b/);
}, 120_000);
