import validate from 'asl-validator';
import { loadDefinition } from '../../infra/local/stepfunctions/definition';
import { type StageShape, stateMachine, stateMachineText } from '../../infra/state-machine';
import { pipeline } from '../../orchestrator/pipeline';

interface Task {
  Type: string;
  Parameters: { FunctionName: string; Payload: Record<string, string> };
  ResultPath: null;
  Retry: { ErrorEquals: string[]; MaxAttempts: number }[];
  Catch: { ErrorEquals: string[]; ResultPath: string; Next: string }[];
  HeartbeatSeconds: number;
  Next: string;
}
interface Machine {
  StartAt: string;
  States: Record<string, Task>;
}

const stages: StageShape[] = [
  { id: 'plan', title: 'Plan' },
  { id: 'approval', title: 'Approval' },
  { id: 'copy', title: 'Restore a copy', undo: { title: 'Take it back' } },
  { id: 'verify', title: 'Verify' },
  { id: 'swap', title: 'Swap names', undo: { title: 'Take it back' } },
  { id: 'hold', title: 'Hold' },
];
const machine = (of: StageShape[] = stages) => stateMachine(of) as Machine;

/** The names from `start` on, following what `step` answers until it answers nothing. */
function walk(start: string, step: (name: string) => string | undefined): string[] {
  const names: string[] = [];
  for (let name: string | undefined = start; name !== undefined; name = step(name)) names.push(name);
  return names;
}

describe('the state machine', () => {
  test('reads like this', () => {
    expect(stateMachineText(stages)).toMatchSnapshot();
  });

  test('is valid Amazon States Language', () => {
    const { isValid, errorsText } = validate(machine());

    expect(isValid ? '' : errorsText()).toBe('');
  });

  test('goes through every stage in order, then closes', () => {
    const { StartAt, States } = machine();

    expect(walk(StartAt, (name) => States[name]?.Next)).toEqual([
      'plan',
      'approval',
      'copy',
      'verify',
      'swap',
      'hold',
      'close',
      'Done',
    ]);
  });

  test('takes back in reverse order whatever stage failed', () => {
    const { States } = machine();

    for (const stage of ['plan', 'approval', 'copy', 'verify', 'swap', 'hold'])
      expect(States[stage]?.Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'undo-swap' }]);
    expect(walk('undo-swap', (name) => States[name]?.Next)).toEqual(['undo-swap', 'undo-copy', 'close', 'Done']);
  });

  test('stops the lane at the first undo that fails, and fails only through close', () => {
    const { States } = machine();

    expect(States['undo-swap']?.Catch[0]?.Next).toBe('close');
    expect(States['undo-copy']?.Catch[0]?.Next).toBe('close');
    expect(States.close?.Catch[0]?.Next).toBe('Failed');
    expect(States.Failed).toEqual({ Type: 'Fail', Error: 'Trapheus.Failed', CausePath: '$.error.Cause' });
  });

  test('knows three state types, and every task keeps its input', () => {
    const { States } = machine();
    const tasks = Object.values(States).filter((state) => state.Type === 'Task');

    expect([...new Set(Object.values(States).map((state) => state.Type))].sort()).toEqual(['Fail', 'Succeed', 'Task']);
    for (const task of tasks) {
      expect(task.ResultPath).toBeNull();
      expect(task.HeartbeatSeconds).toBe(300);
      expect(task.Catch[0]?.ResultPath).toBe('$.error');
    }
  });

  test('never tries a stop again, and everything else for days', () => {
    const { States } = machine();
    const other = {
      ErrorEquals: ['States.ALL'],
      IntervalSeconds: 2,
      BackoffRate: 2,
      MaxDelaySeconds: 60,
      MaxAttempts: 5000,
    };

    expect(States.plan?.Retry).toEqual([{ ErrorEquals: ['Trapheus.Stop'], MaxAttempts: 0 }, other]);
    expect(States['undo-copy']?.Retry).toEqual([{ ErrorEquals: ['Trapheus.Stop'], MaxAttempts: 0 }, other]);
    expect(States.close?.Retry).toEqual([{ ErrorEquals: ['Trapheus.Stop', 'Trapheus.Failed'], MaxAttempts: 0 }, other]);
  });

  test('tells the worker which look of which run it is', () => {
    const { States } = machine();
    const rest = {
      'input.$': '$',
      'execution.$': '$$.Execution.Name',
      'token.$': '$$.Task.Token',
      'entered.$': '$$.State.EnteredTime',
      'retry.$': '$$.State.RetryCount',
    };

    expect(States.copy?.Parameters).toEqual({
      FunctionName: '${WorkerFunction}',
      Payload: { step: 'copy', phase: 'do', ...rest },
    });
    expect(States['undo-copy']?.Parameters.Payload).toEqual({ step: 'copy', phase: 'undo', ...rest });
    expect(States.close?.Parameters.Payload).toEqual({ step: 'close', phase: 'close', ...rest });
  });

  test('without anything to take back, a failure closes at once', () => {
    const { States } = machine([{ id: 'plan', title: 'Plan' }]);

    expect(States.plan?.Catch[0]?.Next).toBe('close');
  });

  test.each(['plan', 'close', 'Done', 'undo-swap'])('refuses a second state named %s', (id) => {
    expect(() => machine([...stages, { id, title: 'Twin' }])).toThrow(`“${id}”`);
  });
});

describe('the pipeline that is deployed', () => {
  test('is valid, and the sandbox runs every word of it', () => {
    const { isValid, errorsText } = validate(stateMachine(pipeline));

    expect(isValid ? '' : errorsText()).toBe('');
    expect(() => loadDefinition(stateMachineText(pipeline), { WorkerFunction: 'worker' })).not.toThrow();
  });

  test('has these states, in this order', () => {
    const { States } = stateMachine(pipeline) as Machine;

    expect(Object.keys(States)).toEqual([
      ...pipeline.map(({ id }) => id),
      'undo-give-name',
      'undo-swap',
      'undo-restore-copy',
      'undo-copy-snapshot',
      'undo-snapshot',
      'close',
      'Done',
      'Failed',
    ]);
  });
});
