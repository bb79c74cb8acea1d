import { type ReactNode, useEffect, useState } from 'react';
import { postClock, SandboxError } from '../sandbox/client';
import { store, useSandbox } from '../sandbox/store';
import { clockSeconds, longDate } from '../text/date';
import { Icon } from '../ui/icon';
import { Notice } from '../ui/notice';
import { Spinner } from '../ui/spinner';

const speeds = [1, 10, 60, 600];

/** Virtual time: how fast it goes, and the way to the next deadline. */
export function Clock(): ReactNode {
  const { state } = useSandbox();
  const { speed, pace } = state;
  /** Shown at once; the sandbox's own answer follows. */
  const [wanted, setWanted] = useState<number>();
  const [isSkipping, setSkipping] = useState(false);
  const [trouble, setTrouble] = useState('');

  const change = async (what: Parameters<typeof postClock>[0]) => {
    setTrouble('');
    try {
      await postClock(what);
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      setTrouble(error.message);
    }
    await store.refresh();
  };
  const skip = async () => {
    setSkipping(true);
    await change({ skip: true });
    setSkipping(false);
  };
  const run = async (at: number) => {
    setWanted(at);
    await change({ speed: at });
    setWanted(undefined);
  };
  const shown = wanted ?? speed;
  const waits = pace < speed;

  return (
    <section className="clock" aria-label="Virtual clock">
      <div className="clock-row">
        <Now />
        <button
          type="button"
          className="button button-default button-small"
          aria-busy={isSkipping || undefined}
          onClick={() => void skip()}
        >
          {isSkipping ? <Spinner /> : <Icon name="skip" size={14} />} Skip to the next deadline
        </button>
      </div>
      <div className="clock-row">
        <div className="segments" role="radiogroup" aria-label="Speed of the virtual clock">
          {speeds.map((one) => (
            <label key={one} className={one === shown ? 'segment is-on' : 'segment'}>
              <input type="radio" name="speed" checked={one === shown} onChange={() => void run(one)} />
              {one}×
            </label>
          ))}
        </div>
        <span className="clock-pace muted">
          {waits ? '1× while no run is working' : `${pace} s pass in each second`}
        </span>
      </div>
      <Notice words={trouble} onDismiss={() => setTrouble('')} />
    </section>
  );
}

const drawEveryMs = 200;

/** Runs on between two states that the sandbox told, and never backwards. */
function Now(): ReactNode {
  const { state } = useSandbox();
  const [shown, setShown] = useState(state.now);
  useEffect(() => {
    const askedAt = performance.now();
    const draw = () => setShown((before) => Math.max(before, state.now + (performance.now() - askedAt) * state.pace));
    draw();
    const timer = setInterval(draw, drawEveryMs);
    return () => clearInterval(timer);
  }, [state.now, state.pace]);
  return (
    <div className="clock-now">
      <time className="clock-time" dateTime={new Date(shown).toISOString()}>
        {clockSeconds(shown)}
      </time>
      <span className="muted">{longDate(shown)}</span>
    </div>
  );
}
