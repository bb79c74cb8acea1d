import type { ReactNode } from 'react';
import { useSandbox } from '../sandbox/store';
import type { Execution, Run, Visit } from '../sandbox/wire';
import { clockSeconds, duration } from '../text/date';
import { Status } from '../ui/status';
import { executionTones, runTone, visitWords } from './tone';
import { subjectOf } from './wholes';

interface Props {
  runs: readonly Run[];
  run: Run | undefined;
  onChoose: (id: string) => void;
}

/** The state machine's execution of the chosen run: one line for each state that it has entered. */
export function ExecutionPanel({ runs, run, onChoose }: Props): ReactNode {
  const { executions, now } = useSandbox().state;
  const own =
    run === undefined ? [] : executions.filter(({ name }) => name === run.id || name.startsWith(`${run.id}-r`));
  return (
    <section className="panel-section" aria-labelledby="run-title">
      <div className="panel-title-row">
        <h2 className="panel-title" id="run-title">
          Run
        </h2>
        {runs.length > 1 && (
          <select
            className="run-select"
            aria-label="Which run"
            value={run?.id}
            onChange={(event) => onChoose(event.target.value)}
          >
            {runs.map((one) => (
              <option key={one.id} value={one.id}>
                {one.id} · {subjectOf(one)} · {one.status}
              </option>
            ))}
          </select>
        )}
      </div>
      {run === undefined ? (
        <p className="empty">
          No run yet. Each request becomes one execution of the state machine, shown here state by state.
        </p>
      ) : (
        <>
          <div className="run-head">
            <code>{run.id}</code>
            <Status tone={runTone(run.status)}>{run.status.replace('-', ' ')}</Status>
            {run.facts.outageSeconds !== undefined && (
              <span className="muted">outage {duration(run.facts.outageSeconds * 1000)}</span>
            )}
          </div>
          {own.length === 0 && <p className="empty">Its execution has not started yet.</p>}
          {own.toReversed().map((execution) => (
            <States key={execution.arn} execution={execution} now={now} isOnly={own.length === 1} />
          ))}
        </>
      )}
    </section>
  );
}

function States({ execution, now, isOnly }: { execution: Execution; now: number; isOnly: boolean }): ReactNode {
  return (
    <>
      <div className="execution-head">
        <span className="muted">
          Execution {!isOnly && <code>{execution.name}</code>} since {clockSeconds(execution.startedAt)}
        </span>
        <Status tone={executionTones[execution.status]}>{execution.status}</Status>
      </div>
      <ol className="states">
        {execution.states.map((visit) => (
          <StateRow key={`${visit.name} ${visit.enteredAt}`} visit={visit} now={now} />
        ))}
      </ol>
    </>
  );
}

function StateRow({ visit, now }: { visit: Visit; now: number }): ReactNode {
  const { word, tone } = visitWords[visit.outcome];
  const took = duration((visit.exitedAt ?? now) - visit.enteredAt);
  const retries = visit.retries === 0 ? '' : visit.retries === 1 ? ' · 1 retry' : ` · ${visit.retries} retries`;
  return (
    <li className={`state state-${tone}`}>
      <span className="state-dot" aria-hidden="true" />
      <span className="state-name" title={visit.name}>
        {visit.name}
      </span>
      <span className="state-word">
        {word}
        {retries}
      </span>
      <time className="state-time" dateTime={new Date(visit.enteredAt).toISOString()}>
        {clockSeconds(visit.enteredAt)}
      </time>
      <span className="state-took">{took}</span>
    </li>
  );
}
