import type { Fault, Person, Run, Scenario } from '../sandbox/wire';

/** What the guide looks at: nothing is remembered, so that every step is ticked by what is really so. */
export interface Seen {
  runs: readonly Run[];
  faults: readonly Fault[];
  scenarios: readonly Scenario[];
  people: readonly Person[];
  me: Person;
  /** The guide's approver. */
  approver: Person;
  requester: Person;
}

export type Help =
  | { kind: 'fill'; label: string; text: string }
  | { kind: 'act-as'; label: string; user: string }
  | { kind: 'speed'; label: string; speed: number }
  | { kind: 'arm'; label: string; scenario: string }
  | { kind: 'reset'; label: string };

export interface Step {
  id: string;
  title: string;
  /** What to do, while it is the step at hand. */
  say: string;
  isDone: boolean;
  help: Help[];
}

export const guideDatabase = 'orders-staging';
export const guideFault = 'second-rename-refused';
const command = `/trapheus restore ${guideDatabase}`;

export function guideSteps(seen: Seen): Step[] {
  const { me, approver, requester } = seen;
  const runs = seen.runs.filter((run) => run.request.database === guideDatabase);
  const some = (is: (run: Run) => boolean) => runs.some(is);
  const isApproved = (run: Run) => run.decisions.some(({ decision }) => decision === 'approve');
  const wasSwapped = (run: Run) => run.finishedAt !== undefined;
  const wasUndone = (run: Run) => run.status === 'undone';
  const wasGivenBack = (run: Run) => run.status === 'failed' && run.stop?.kind === 'failed';
  const isUndoing = some((run) => run.status === 'stopping' && run.stop?.kind === 'undone');
  const undone = some(wasUndone);
  const failed = some(wasGivenBack);
  const isWaiting = some((run) => run.status === 'waiting' && !isApproved(run));
  const undoneAt = runs.findLast(wasUndone);
  const isArmed = seen.faults.length > 0;
  const isAskedAgain =
    undone &&
    runs.some((run) => !wasUndone(run) && run.closedAt === undefined && run.request.at > (undoneAt?.request.at ?? 0));

  const become = (person: Person): Help[] =>
    me.id === person.id ? [] : [{ kind: 'act-as', label: `Act as ${firstName(person)}`, user: person.id }];
  const ask: Help[] =
    me.id === requester.id ? [{ kind: 'fill', label: 'Fill in the command', text: command }] : become(requester);
  const isQuicker: Help[] = [{ kind: 'speed', label: 'Run at 600×', speed: 600 }];

  return [
    {
      id: 'request',
      title: 'Ask',
      say: `Send ${command}. In the form say why, press Review, and send the page that follows. Nothing runs yet.`,
      isDone: runs.length > 0,
      help: ask,
    },
    {
      id: 'switch',
      title: `Become ${firstName(approver)}`,
      say: `${firstName(requester)} cannot approve their own request: policy.yml asks for ${firstName(approver)} or another one of the dba group. Look at the plan on the card, then change sides.`,
      isDone: some(isApproved) || (runs.length > 0 && isWaiting && me.id === approver.id),
      help: become(approver),
    },
    {
      id: 'approve',
      title: 'Approve',
      say: 'The card says what will happen and what will be lost. Press Approve on it.',
      isDone: some(isApproved),
      help: become(approver),
    },
    {
      id: 'swap',
      title: 'Watch the swap',
      say: 'A copy is restored beside the original and proven equal; then the two swap names. Watch Databases: the resource ids stay, the names move.',
      isDone: some(wasSwapped),
      help: isQuicker,
    },
    {
      id: 'undo',
      title: 'Undo',
      say: isUndoing
        ? 'The original is on its way back to its name, and the copy goes.'
        : 'The original was set aside, not deleted. Press Undo on the card and it takes its name back.',
      isDone: undone,
      help: isUndoing ? isQuicker : [],
    },
    {
      id: 'failure',
      title: 'Let one fail',
      say: failureWords(isArmed, isAskedAgain, firstName(approver)),
      isDone: failed,
      help: failed
        ? []
        : !isArmed
          ? [{ kind: 'arm', label: 'Arm “second rename is refused”', scenario: guideFault }]
          : isAskedAgain
            ? isWaiting
              ? become(approver)
              : isQuicker
            : ask,
    },
  ];
}

function failureWords(isArmed: boolean, isAskedAgain: boolean, approver: string): string {
  if (!isArmed) return 'Arm a fault: the copy will not get the name. Then ask again and see who answers in the end.';
  if (!isAskedAgain) return 'It is armed. Ask for the same restore again.';
  return `Approve it as ${approver} and watch: for five minutes the copy tries, then the original takes its name back.`;
}

const firstName = (person: Person): string => person.realName.split(' ')[0] ?? person.realName;
