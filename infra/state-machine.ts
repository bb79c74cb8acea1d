/** What the state machine needs to know of a step or gate; everything else about it lives in the code that it names. */
export interface StageShape {
  id: string;
  title: string;
  /** Present when the stage can be taken back: it then has a second state, in the lane. */
  undo?: { title: string };
}

/** CloudFormation puts the worker's ARN here (DefinitionSubstitutions); the sandbox replaces it by itself. */
export const workerPlaceholder = '${WorkerFunction}';

/** Sent by the worker when a run must not go on: an end that trying again cannot change. */
const stop = 'Trapheus.Stop';
/** Sent by `close` with the run's own sentence, for a run that did not end as people asked. */
const failed = 'Trapheus.Failed';

/** A token that nobody beats for this long is lost: the state's retrier then calls the worker again. */
const heartbeatSeconds = 300;
/** A net only. It starts again with every attempt, so a gate that waits longer is just entered again. */
const timeoutSeconds = 30 * 24 * 3600;

/**
 * Any infrastructure failure is tried again: 2 s, 4 s, 8 s … 60 s apart. MaxAttempts counts over the state's whole
 * life, and a state may wait for weeks and lose a heartbeat now and then: 5000 attempts a minute apart are 83 hours of
 * uninterrupted failure. (An execution's history holds 25,000 events; one attempt writes about four.)
 */
const tryAgain = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  MaxAttempts: 5000,
};

interface Look {
  title: string;
  step: string;
  phase: 'do' | 'undo' | 'close';
  next: string;
  onError: string;
  final: readonly string[];
}

/** One look after another behind one token: the task ends when the worker or the watcher answers it. */
function task({ title, step, phase, next, onError, final }: Look): object {
  return {
    Type: 'Task',
    Comment: title,
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: {
      FunctionName: workerPlaceholder,
      Payload: {
        // Whole: a path that is not there would end the execution without a word that anybody could catch.
        'input.$': '$',
        'execution.$': '$$.Execution.Name',
        step,
        phase,
        'token.$': '$$.Task.Token',
        'entered.$': '$$.State.EnteredTime',
        'retry.$': '$$.State.RetryCount',
      },
    },
    ResultPath: null,
    HeartbeatSeconds: heartbeatSeconds,
    TimeoutSeconds: timeoutSeconds,
    Retry: [{ ErrorEquals: final, MaxAttempts: 0 }, tryAgain],
    // Without ResultPath the error would replace the input, and the lane would not know its run.
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: onError }],
    Next: next,
  };
}

/**
 * The pipeline as an Amazon States Language definition (JSONPath): a state for each stage, the lane that takes back
 * what can be taken back, and `close`, through which every run leaves. Three state types in all: Task, Succeed, Fail.
 *
 * Every stage fails into the top of the lane: an undo reads from the record whether there is anything to take back, so
 * one entry serves a run that failed late, one that failed early, and a recovery that meets its stop at once. The lane
 * stops at the first undo that fails.
 *
 * @throws Error when two states would have one name.
 */
export function stateMachine(stages: readonly StageShape[]): object {
  const close = 'close';
  const lane = stages
    .flatMap(({ id, undo }) => (undo ? [{ id, name: `undo-${id}`, title: undo.title }] : []))
    .reverse();
  const laneTop = lane[0]?.name ?? close;

  const states = new Map<string, object>();
  const add = (name: string, state: object) => {
    if (states.has(name)) throw new Error(`Two states would be named “${name}”: rename one of the stages.`);
    states.set(name, state);
  };

  stages.forEach(({ id, title }, index) => {
    const next = stages[index + 1]?.id ?? close;
    add(id, task({ title, step: id, phase: 'do', next, onError: laneTop, final: [stop] }));
  });
  lane.forEach(({ id, name, title }, index) => {
    const next = lane[index + 1]?.name ?? close;
    add(name, task({ title, step: id, phase: 'undo', next, onError: close, final: [stop] }));
  });
  // A run that failed is closed by now: closing it again would only say so again.
  add(
    close,
    task({
      title: 'Close the run',
      step: close,
      phase: 'close',
      next: 'Done',
      onError: 'Failed',
      final: [stop, failed],
    }),
  );
  add('Done', { Type: 'Succeed' });
  add('Failed', { Type: 'Fail', Error: failed, CausePath: '$.error.Cause' });

  return {
    Comment:
      'Generated from orchestrator/pipeline.ts by infra/state-machine.ts. Input: {"runId"}, or {"identifier", "task", "isCluster"}.',
    StartAt: stages[0]?.id ?? close,
    States: Object.fromEntries(states),
  };
}

/** The exact text that CDK deploys and the sandbox loads. */
export function stateMachineText(stages: readonly StageShape[]): string {
  return `${JSON.stringify(stateMachine(stages), null, 2)}\n`;
}
