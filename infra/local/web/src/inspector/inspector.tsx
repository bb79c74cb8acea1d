import { type ReactNode, useId } from 'react';
import { AnswerStatus } from '../panel/requests';
import type { SignedExchange } from '../sandbox/wire';
import { Dialog } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { bodyOf, readable } from './body';
import { JsonView } from './json-view';

export type Inspected =
  | { kind: 'json'; title: string; value: unknown }
  | { kind: 'exchange'; exchange: SignedExchange };

/** What really went over the wire. */
export function Inspector({ inspected, onClose }: { inspected: Inspected; onClose: () => void }): ReactNode {
  const id = useId();
  const title =
    inspected.kind === 'json' ? inspected.title : `Request ${inspected.exchange.number}: ${inspected.exchange.what}`;
  return (
    <Dialog labelledBy={id} className="inspector" onEscape={onClose}>
      <header className="modal-head">
        <h2 className="dialog-title" id={id}>
          {title}
        </h2>
        <button type="button" className="icon-button" aria-label="Close" title="Close" data-autofocus onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="dialog-body">
        {inspected.kind === 'json' ? (
          <JsonView value={inspected.value} label="JSON" />
        ) : (
          <Exchange exchange={inspected.exchange} />
        )}
      </div>
    </Dialog>
  );
}

function Exchange({ exchange }: { exchange: SignedExchange }): ReactNode {
  const { request, answer, problem } = exchange;
  return (
    <>
      <p className="exchange-sum">
        <AnswerStatus exchange={exchange} />
        {answer && <strong>{answer.ms} ms</strong>}
        <span className="muted">of the 3000 ms that Slack waits</span>
      </p>
      {problem && <p className="field-error">{problem}</p>}
      <JsonView label="Request" value={`POST ${request.url}\n${headerLines(request.headers)}`} />
      <JsonView label="What it says" value={bodyOf(request.headers['content-type'] ?? '', request.body)} />
      <JsonView
        label="Answer"
        value={answer === undefined ? 'None yet.' : readable(answer.body) || `${answer.status}, with an empty body`}
      />
    </>
  );
}

const headerLines = (headers: Record<string, string>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
