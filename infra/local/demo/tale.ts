import type { Run } from '../../../orchestrator/run';
import { scenarioNamed } from '../api/scenarios';
import { createSandbox, type Sandbox, type SandboxOptions } from '../sandbox';
import { Transcript } from './transcript';
import type { Style } from './words';

/** Always the same morning, so that every demo is the same. */
const start = Date.parse('2026-11-23T09:00:00Z');
const channel = 'db-ops';
const hourMs = 3_600_000;

interface Story {
  database: string;
  reason: string;
  approver: string;
}

/** Two restores as the channel shows them, one that succeeds and one that is taken back. */
export async function tellDemo(
  style: Style,
  say: (line: string) => void,
  options: Pick<SandboxOptions, 'front' | 'tableEngine'> = {},
): Promise<void> {
  const sandbox = await createSandbox({ start, wall: () => start, slackKnobs: { answerWithinMs: 30_000 }, ...options });
  const transcript = new Transcript(sandbox, style, say);
  try {
    transcript.chapter('A restore. #db-ops, Monday 23 November 2026, times in UTC');
    await succeeds(sandbox, transcript, {
      database: 'orders-staging',
      reason: 'Fresh data for the load test',
      approver: 'ben',
    });
    transcript.chapter('A restore that RDS does not let finish. #db-ops, the same day');
    await isTakenBack(sandbox, transcript, {
      database: 'analytics-staging',
      reason: 'The nightly import went wrong',
      approver: 'chloe',
    });
  } finally {
    await sandbox.close();
  }
}

async function succeeds(sandbox: Sandbox, transcript: Transcript, story: Story): Promise<void> {
  const isConcerned = (name: string) => name.startsWith(story.database);
  transcript.databases('Before', isConcerned);
  const id = await requested(sandbox, transcript, story);
  await approved(sandbox, transcript, story, id);
  const run = await until(sandbox, id, ({ status }) => status !== 'running' && status !== 'waiting');
  transcript.databases('After', isConcerned);
  const equal = run.facts.report?.filter(({ verdict }) => verdict === 'equal').length ?? 0;
  transcript.aside(
    `${equal} of ${run.facts.report?.length ?? 0} settings proven equal, nobody answered for ${run.facts.outageSeconds ?? 0} s`,
  );
  transcript.aside('the original is kept for Undo; when its hold is over it is removed with a final snapshot');
}

async function isTakenBack(sandbox: Sandbox, transcript: Transcript, story: Story): Promise<void> {
  const isConcerned = (name: string) => name.startsWith(story.database);
  transcript.databases('Before', isConcerned);
  const id = await requested(sandbox, transcript, story);
  for (const fault of scenarioNamed('second-rename-refused', story.database)?.faults ?? []) sandbox.faults.arm(fault);
  transcript.aside('from now on RDS refuses to give the copy its name');
  await approved(sandbox, transcript, story, id);
  await until(sandbox, id, ({ closedAt, status }) => closedAt !== undefined || status === 'needs-help');
  sandbox.faults.reset();
  transcript.chapter('What the card says now');
  transcript.part(card(sandbox, id), ['What happened', 'Still there']);
  transcript.databases('After: the same database, under its own name', isConcerned);
}

/** Ana asks, in the form. */
async function requested(sandbox: Sandbox, transcript: Transcript, { database, reason }: Story): Promise<string> {
  const { slack } = sandbox;
  transcript.says('ana', `/trapheus restore ${database}`);
  const { view } = await slack.act({ user: 'ana', channel, command: '/trapheus', text: `restore ${database}` });
  transcript.form(
    'Restore a database',
    [
      ['Database', database],
      ['Snapshot', 'Newest available'],
      ['Why?', reason],
    ],
    'Review',
  );
  const page = await slack.act({ user: 'ana', view_id: String(view?.view_id), submit: { reason: { reason } } });
  transcript.form('Review the request', [['This replaces', database]], 'Request to replace');
  const sent = await slack.act({ user: 'ana', view_id: String(page.view?.view_id), submit: {} });
  const id = /\br[2-9a-hjkmnp-tv-z]{7}\b/.exec(JSON.stringify(sent.view ?? {}))?.[0];
  if (id === undefined) throw new Error(`the request was refused: ${JSON.stringify(sent.errors ?? sent)}`);
  await until(sandbox, id, ({ status }) => status === 'waiting');
  return id;
}

async function approved(sandbox: Sandbox, transcript: Transcript, { approver }: Story, id: string): Promise<void> {
  // People read before they press.
  await sandbox.clock.advance(95_000);
  transcript.says(approver, '[Approve]');
  await sandbox.slack.act({ user: approver, message_ts: card(sandbox, id).ts, action_id: 'approve' });
  await until(sandbox, id, ({ status }) => status === 'running');
}

async function until(sandbox: Sandbox, id: string, isThere: (run: Run) => boolean): Promise<Run> {
  const now = () => sandbox.runs.get(id);
  await sandbox.clock.runUntil(() => {
    const run = now();
    return run !== undefined && isThere(run);
  }, 6 * hourMs);
  // The messages follow within seconds.
  await sandbox.clock.advance(5_000);
  const run = now();
  if (run === undefined || !isThere(run)) throw new Error(`run ${id} is ${run?.status ?? 'unknown'} after six hours`);
  return run;
}

function card(sandbox: Sandbox, id: string) {
  const messages = sandbox.slack.state().channels.flatMap((one) => one.messages);
  const root = messages.find(({ thread_ts, text }) => thread_ts === undefined && text.includes(`run ${id}`));
  if (root === undefined) throw new Error(`run ${id} has no card`);
  return root;
}
