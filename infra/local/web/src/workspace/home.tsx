import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Blocks } from '../block-kit/blocks';
import { type Surface, SurfaceProvider } from '../block-kit/surface';
import { useActing } from '../block-kit/use-acting';
import { store } from '../sandbox/store';
import type { OpenView, StateValues } from '../sandbox/wire';
import { Icon } from '../ui/icon';
import { Notice } from '../ui/notice';

const noBlocks: OpenView['view']['blocks'] = [];

/** The app's Home tab, as it has published it for this person. */
export function Home({
  me,
  home,
  onInspect,
  onMenu,
}: {
  me: string;
  home: OpenView | undefined;
  onInspect: (view: OpenView) => void;
  onMenu: () => void;
}): ReactNode {
  const [trouble, setTrouble] = useState<string>();
  const [values, setValues] = useState<StateValues>({});
  const blocks = home?.view.blocks ?? noBlocks;
  const acting = useActing(me, { view_id: home?.view_id ?? '' }, blocks);
  const { press, suggest } = acting;

  useEffect(() => {
    setTrouble(undefined);
    void store.act({ user: me, home: true }).then((answer) => setTrouble(answer.notice ?? answer.error ?? ''));
  }, [me]);

  const surface = useMemo<Surface>(
    () => ({
      kind: 'home',
      valueOf: (blockId, actionId) => values[blockId]?.[actionId] ?? home?.view.state.values[blockId]?.[actionId],
      change: (blockId, actionId, value) =>
        setValues((before) => ({ ...before, [blockId]: { ...before[blockId], [actionId]: value } })),
      press: (pressed) => press(pressed),
      suggest,
      errors: {},
    }),
    [values, home, press, suggest],
  );

  return (
    <>
      <header className="pane-head">
        <button type="button" className="icon-button only-narrow" aria-label="Channels" onClick={onMenu}>
          <Icon name="menu" />
        </button>
        <div className="pane-title">
          <h2>Trapheus</h2>
          <span className="muted">Home</span>
        </div>
        {home && (
          <button
            type="button"
            className="icon-button"
            aria-label="Show the blocks"
            title="Show the blocks"
            onClick={() => onInspect(home)}
          >
            <Icon name="code" />
          </button>
        )}
      </header>
      <section className="home" aria-label="Home of Trapheus" tabIndex={0}>
        {home ? (
          <SurfaceProvider value={surface}>
            <Blocks blocks={blocks} />
          </SurfaceProvider>
        ) : (
          <p className="empty">{trouble === undefined ? 'Opening …' : 'Trapheus has published nothing here yet.'}</p>
        )}
        <Notice words={acting.notice || (trouble ?? '')} onDismiss={acting.forget} />
      </section>
    </>
  );
}
