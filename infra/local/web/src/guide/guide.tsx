import type { ReactNode } from 'react';
import { Icon } from '../ui/icon';
import type { Help, Step } from './steps';

interface Props {
  steps: readonly Step[];
  onHelp: (help: Help) => void;
  onDismiss: () => void;
}

/** Pinned at the top of #db-ops: a first restore from request to Undo, and one that fails. */
export function Guide({ steps, onHelp, onDismiss }: Props): ReactNode {
  const at = steps.findIndex((step) => !step.isDone);
  const done = steps.filter((step) => step.isDone).length;
  const current = steps[at];
  const isOver = current === undefined;
  return (
    <section className="guide" aria-labelledby="guide-title">
      <header className="guide-head">
        <span className="guide-pin">
          <Icon name="pin" size={14} /> Pinned
        </span>
        <h2 id="guide-title">{isOver ? 'You have seen it all' : 'Your first restore, in three minutes'}</h2>
        <span className="guide-count">
          {done} of {steps.length}
        </span>
        <button
          type="button"
          className="icon-button"
          aria-label="Dismiss the guide"
          title="Dismiss"
          onClick={onDismiss}
        >
          <Icon name="close" size={15} />
        </button>
      </header>
      <ol className="guide-steps">
        {steps.map((step, index) => (
          <li
            key={step.id}
            className={index === at ? 'guide-step is-current' : 'guide-step'}
            aria-current={index === at ? 'step' : undefined}
            data-step={step.id}
            data-done={step.isDone}
          >
            <span className={step.isDone ? 'guide-tick is-done' : 'guide-tick'} aria-hidden="true">
              {step.isDone ? <Icon name="check" size={12} /> : index + 1}
            </span>
            {step.title}
            {step.isDone && <span className="hidden"> (done)</span>}
          </li>
        ))}
      </ol>
      {current && (
        <div className="guide-now">
          <p>{current.say}</p>
          {current.help.map((help) => (
            <button
              type="button"
              key={help.label}
              className="button button-primary button-small"
              onClick={() => onHelp(help)}
            >
              {help.label}
            </button>
          ))}
        </div>
      )}
      {isOver && (
        <div className="guide-now">
          <p>
            Request, approval, swap, Undo, and a failure that gave everything back: the same handlers run on Lambda.
          </p>
          <button
            type="button"
            className="button button-default button-small"
            onClick={() => onHelp({ kind: 'reset', label: 'Reset the faults' })}
          >
            Reset the faults
          </button>
        </div>
      )}
    </section>
  );
}
