import { type ReactNode, useState } from 'react';
import { postFaults, SandboxError } from '../sandbox/client';
import { store, useSandbox } from '../sandbox/store';
import type { Fault, Scenario } from '../sandbox/wire';
import { Icon } from '../ui/icon';
import { Notice } from '../ui/notice';

/** What can go wrong on purpose, and what Trapheus is expected to make of it. */
export function Faults({ database }: { database: string | undefined }): ReactNode {
  const { scenarios, state } = useSandbox();
  const [trouble, setTrouble] = useState('');
  const [armed, setArmed] = useState<string>();

  const change = async (what: Parameters<typeof postFaults>[0]) => {
    setTrouble('');
    try {
      await postFaults(what);
      setArmed('scenario' in what ? what.scenario : undefined);
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      setTrouble(error.message);
    }
    await store.refresh();
  };

  return (
    <section className="panel-section" aria-labelledby="faults-title">
      <h2 className="panel-title" id="faults-title">
        Faults
      </h2>
      <p className="panel-lead">
        Let something go wrong in AWS, in Slack or in the bot itself, and watch what a run makes of it.
      </p>
      <Notice words={trouble} onDismiss={() => setTrouble('')} />
      <div className="armed" role="status">
        {state.faults.length === 0 ? (
          <span className="muted">Nothing is armed: everything works as it should.</span>
        ) : (
          <>
            <div className="armed-head">
              <strong>Armed now</strong>
              <button
                type="button"
                className="button button-default button-small"
                onClick={() => void change({ reset: true })}
              >
                Reset all
              </button>
            </div>
            <ul className="armed-list">
              {state.faults.map((fault, index) => (
                <li key={index}>
                  <Icon name="fault" size={14} /> {wordsFor(fault, scenarios)}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <ul className="scenarios">
        {scenarios.map((scenario) => (
          <li key={scenario.id} className="scenario" data-scenario={scenario.id}>
            <div>
              <strong>{scenario.title}</strong>
              <p>{scenario.expect}</p>
            </div>
            <button
              type="button"
              className="button button-default button-small"
              aria-label={`Arm: ${scenario.title}`}
              onClick={() => void change({ scenario: scenario.id, ...(database && { database }) })}
            >
              {armed === scenario.id && state.faults.length > 0 ? 'Arm again' : 'Arm'}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const manyCalls = 50_000;

/** In the scenario's words where it is one's, else in those of the call that it takes. */
function wordsFor(fault: Fault, scenarios: readonly Scenario[]): string {
  const { service, operation, kind, times = 1 } = fault;
  const left = times > manyCalls ? 'until reset' : times === 1 ? 'takes one call' : `takes up to ${times} calls`;
  const known = scenarios.find(({ faults }) => faults.some((one) => isSame(one, fault)));
  if (known !== undefined) return `${known.title} (${left})`;
  const what = operation === undefined || operation === '*' ? `every call of ${service}` : `${service} ${operation}`;
  return `${what}: ${kind} (${left})`;
}

const isSame = (a: Fault, b: Fault): boolean =>
  a.service === b.service &&
  a.operation === b.operation &&
  a.kind === b.kind &&
  JSON.stringify(a.match) === JSON.stringify(b.match);
