import { memo, type ReactNode, useEffect, useState } from 'react';
import { subjectOf } from '../inspector/body';
import { fetchRequests, SandboxError } from '../sandbox/client';
import { share } from '../sandbox/share';
import { useSandbox } from '../sandbox/store';
import type { SignedExchange } from '../sandbox/wire';
import { clockSeconds } from '../text/date';
import { nameOf, useDirectory } from '../text/directory';
import { Status } from '../ui/status';

/** Every signed request that Slack has sent to the bot, newest first. */
export function Requests({ onInspect }: { onInspect: (exchange: SignedExchange) => void }): ReactNode {
  const { state } = useSandbox();
  const directory = useDirectory();
  const [exchanges, setExchanges] = useState<SignedExchange[]>();
  const [trouble, setTrouble] = useState('');
  const { channels, views, homes } = state;
  useEffect(() => {
    let isWanted = true;
    fetchRequests().then(
      (all) => {
        if (isWanted) setExchanges((before) => share(before, all));
      },
      (error: unknown) => setTrouble(error instanceof SandboxError ? error.message : String(error)),
    );
    return () => {
      isWanted = false;
    };
    // Whatever a request brings about shows in one of these.
  }, [channels, views, homes]);

  return (
    <section className="panel-section" aria-labelledby="requests-title">
      <h2 className="panel-title" id="requests-title">
        Requests to the bot
      </h2>
      <p className="panel-lead">
        Signed as Slack signs them, and answered by the handler that would run on Lambda. Slack waits three seconds.
      </p>
      {trouble !== '' && <p className="empty">{trouble}</p>}
      {exchanges?.length === 0 && <p className="empty">None yet. Type /trapheus in a channel.</p>}
      <ol className="requests">
        {exchanges?.toReversed().map((exchange) => (
          <li key={exchange.number}>
            <button type="button" className="request" onClick={() => onInspect(exchange)}>
              <What exchange={exchange} />
              <AnswerStatus exchange={exchange} />
              <span className="request-note">
                {exchange.user === undefined ? 'Slack' : nameOf(directory, exchange.user)} · {clockSeconds(exchange.at)}
              </span>
              <span className="request-ms">
                {exchange.answer === undefined ? 'waiting' : `${exchange.answer.ms} ms`}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

const What = memo(function What({ exchange }: { exchange: SignedExchange }): ReactNode {
  const { what, request } = exchange;
  const subject = subjectOf(request.headers['content-type'] ?? '', request.body);
  return (
    <span className="request-what" title={what}>
      <strong>{what}</strong> {subject}
    </span>
  );
});

export function AnswerStatus({ exchange }: { exchange: SignedExchange }): ReactNode {
  const { answer, problem } = exchange;
  if (answer === undefined) return <Status tone="busy">waiting</Status>;
  if (answer.failure !== undefined) return <Status tone="bad">{answer.failure}</Status>;
  return (
    <Status tone={problem === undefined ? 'good' : 'bad'}>
      {problem === undefined ? answer.status : 'not usable'}
    </Status>
  );
}
