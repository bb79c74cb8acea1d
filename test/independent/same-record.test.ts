import type { SandboxOptions } from '../../infra/local/sandbox';
import { stateMachineText } from '../../infra/state-machine';
import { pipeline } from '../../orchestrator/pipeline';
import { brief } from '../faults/brief';
import { Drive } from '../stories/drive';
import { before, holds } from '../stories/invariants';
import { IndependentStepFunctions } from './interpreter';

interface Story {
  told: string;
  play(drive: Drive): Promise<string>;
  ends: { status: string; execution: string };
}

const stories: Story[] = [
  {
    told: 'a restore until its original is removed',
    async play(drive) {
      const run = await drive.approved('orders-staging');
      await drive.until(run, (one) => one.at?.step === 'hold');
      await drive.click('ana', run, 'remove-now');
      return run;
    },
    ends: { status: 'succeeded', execution: 'SUCCEEDED' },
  },
  {
    told: 'a copy that fails, through the lane',
    play: (drive) => {
      drive.arm({
        service: 'rds',
        operation: 'RestoreDBInstanceFromDBSnapshot',
        kind: 'ends-in',
        status: 'incompatible-restore',
      });
      return drive.approved('orders-staging');
    },
    ends: { status: 'failed', execution: 'FAILED' },
  },
];

/** A whole run in one of the two engines, and all that is recorded of it. */
async function played({ play }: Story, machine?: SandboxOptions['machine']) {
  const drive = await Drive.start({ ...brief(), ...(machine && { machine }) });
  try {
    const world = before(drive);
    const run = await play(drive);
    const record = await drive.ended(run);
    const card = await drive.card(run);
    await holds(drive, run, world);
    const [execution] = drive.sandbox.machine.executions();
    const states = execution?.states.map(({ name, outcome }) => `${name} ${outcome}`) ?? [];
    return {
      run,
      record,
      card,
      status: execution?.status,
      states,
      history: drive.history,
      databases: drive.databases(),
    };
  } finally {
    await drive.close();
  }
}

test.each(stories)('$told: another interpreter plays the deployed text to the same record', async (story) => {
  const texts: string[] = [];
  const ours = await played(story);
  const theirs = await played(story, (options) => {
    texts.push(options.definition);
    return new IndependentStepFunctions(options);
  });

  expect(texts).toEqual([stateMachineText(pipeline)]);
  expect({ status: ours.record.status, execution: ours.status }).toEqual(story.ends);
  expect(theirs.status).toBe(ours.status);
  expect(theirs.record).toEqual(ours.record);
  expect(theirs.history).toEqual(ours.history);
  expect(theirs.card).toBe(ours.card);
  expect(theirs.databases).toEqual(ours.databases);
  expect(theirs.states).toEqual(ours.states.filter((state) => !/^(Done|Failed) /.test(state)));
});
