/** One alarm for people: what it means, where to look, and what to do. */
export interface RunbookEntry {
  title: string;
  meaning: string;
  look: string;
  mend: string;
}

/** Every alarm of a deployment. The stack links each alarm to its entry here; docs/runbook.md is made of them. */
export const runbook = {
  'run-failed': {
    title: 'A run did not end as people asked',
    meaning: 'An execution of the state machine failed: a run failed, or it needs help.',
    look: 'The run’s card in Slack says what happened and names every resource. Without Slack: the execution’s error, in the Step Functions console, carries the same sentence; its name begins with the run’s id.',
    mend: 'Do what the sentence says; the table below has all of them. A run that needs help keeps its lock until somebody presses Release on its card.',
  },
  'run-needs-help': {
    title: 'A run needs help',
    meaning:
      'Taking a run back failed for good, so it stopped: nothing further is deleted, and the database stays locked.',
    look: 'The card names every resource of the run and what became of it.',
    mend: 'Put right in the RDS console what the card names: one database has to answer under the name. Then press Release.',
  },
  'execution-ended-outside': {
    title: 'An execution was stopped or timed out',
    meaning: 'Somebody stopped an execution in the console, or it ran longer than any run may.',
    look: 'CloudTrail’s StopExecution event says who. The run goes on by itself in a new execution, `<run>-r1`, which takes the run back.',
    mend: 'Nothing, if the new execution ends. If it fails too, see “A run did not end as people asked”.',
  },
  'cards-unwritten': {
    title: 'The writing of a run to its card failed again and again',
    meaning: 'The notifier could not handle records of the table’s stream, five times over: they wait in a queue.',
    look: 'The notifier’s log at the time of the message, `card-failed`.',
    mend: 'Nothing is lost: a message only names records of the stream, and the watcher has every card written again that is behind its record, within minutes of the cause being gone. `npm run redrive` does so at once, and empties the queue.',
  },
  'end-unhandled': {
    title: 'An execution that ended from outside was not taken care of',
    meaning: 'The function that takes care of ended executions failed on one of them.',
    look: 'The messages of the queue name the execution; the log of the function at that time says why it failed.',
    mend: 'The watcher finds the run within five minutes, too. Mend the cause, then `npm run redrive`: it gives each event to the function once more, which does no harm a second time.',
  },
  'ticks-undelivered': {
    title: 'The watcher could not handle its ticks',
    meaning: 'A tick failed five times. Runs wait longer, until a later tick succeeds or their states are tried again.',
    look: 'The watcher’s log: `tick failed`.',
    mend: 'A tick is a hint, and later ones have said the same. Mend the cause, then `npm run redrive` sends each once more.',
  },
  'watcher-silent': {
    title: 'The watcher does not look',
    meaning: 'For five minutes nobody has looked on behalf of the runs that wait.',
    look: 'Whether the schedule’s rule is enabled, the tick queue’s mapping is on, and the function is not throttled.',
    mend: 'Enable what is off. Runs lose nothing meanwhile: after five minutes their states call the worker again.',
  },
  'function-failing': {
    title: 'A function fails',
    meaning: 'Invocations end in errors: a mistake in the code, in its rights or in its settings.',
    look: 'The function’s log, lines of the level ERROR.',
    mend: 'Go back to the version before (README, Upgrade and go back), then look for the cause.',
  },
  'answers-slow': {
    title: 'Slack is answered slowly',
    meaning:
      'Slack waited more than two and a half seconds for an answer, a cold start included; after three it shows people an error.',
    look: 'The log of Slack’s function, `answered-slowly`, and its cold starts (`Init Duration`).',
    mend: 'Set `provisionedConcurrency` to 1 or more, or look for what its calls wait for: Secrets Manager, DynamoDB, RDS, Slack.',
  },
  'slack-unwell': {
    title: 'Slack does not take messages',
    meaning:
      'Slack refused what it was asked, or did not answer. Restores go on; their cards are behind, or nobody is let in.',
    look: 'Slack’s status page; the notifier’s log, `card-behind`, `card-undeliverable`, `blocks-refused`; the log of Slack’s function, `authorize-failed`, `user-unknown`, `group-unknown`, `channel-unknown`.',
    mend: 'An outage ends by itself, and cards catch up. `card-undeliverable` says what is wrong with a channel: archived, or without the bot. `invalid_auth`: store a new token with `npm run setup`.',
  },
  'schedule-failed': {
    title: 'A scheduled run could not be started',
    meaning: 'EventBridge Scheduler could not start the state machine.',
    look: 'The message in the queue carries the error (`ERROR_MESSAGE`).',
    mend: 'Mend the cause, then `npm run redrive` starts the run now; it asks for approval as any other. Or delete the message: the next run comes by itself.',
  },
} as const satisfies Record<string, RunbookEntry>;

export type AlarmId = keyof typeof runbook;

/** The stack's output that tells the URL of an alarm's on-failure queue: `CardsUnwrittenQueueUrl`. */
export function queueOutput(id: AlarmId): string {
  const words = id.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return `${words.join('')}QueueUrl`;
}

/** What an alarm says of itself, in the e-mail too. */
export function describeAlarm(id: AlarmId, runbookUrl: string): string {
  const { meaning, mend } = runbook[id];
  return `Trapheus: ${meaning} ${mend} ${runbookUrl}#${id}`;
}

/** docs/runbook.md. `errors`: the table of every refusal and failure with its hint. */
export function runbookText(errors: string): string {
  const entries = Object.entries(runbook).map(([id, { title, meaning, look, mend }]) =>
    [
      `## <a id="${id}"></a>${title}`,
      '',
      `**What it means.** ${meaning}`,
      '',
      `**Where to look.** ${look}`,
      '',
      `**What to do.** ${mend}`,
      '',
    ].join('\n'),
  );
  return [
    '<!-- Made by `npm run docs` from infra/runbook.ts and the error catalogue: change those. -->',
    '# Runbook',
    '',
    'One entry for each alarm of a deployment; the alarm’s description, which its e-mail carries, links to it.',
    '',
    ...entries,
    '## Every error and what to do about it',
    '',
    errors,
    '',
  ].join('\n');
}
