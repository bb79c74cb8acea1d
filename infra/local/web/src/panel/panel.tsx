import type { KeyboardEvent, ReactNode } from 'react';
import { useSandbox } from '../sandbox/store';
import type { Run, SignedExchange } from '../sandbox/wire';
import { Icon, type IconName } from '../ui/icon';
import { Clock } from './clock';
import { Databases } from './databases';
import { ExecutionPanel } from './execution';
import { Faults } from './faults';
import { Requests } from './requests';

export const panelTabs = ['live', 'faults', 'requests'] as const;
export type PanelTab = (typeof panelTabs)[number];

const tabs: Record<PanelTab, { title: string; icon: IconName }> = {
  live: { title: 'Databases', icon: 'database' },
  faults: { title: 'Faults', icon: 'fault' },
  requests: { title: 'Requests', icon: 'list' },
};

interface Props {
  tab: PanelTab;
  runs: readonly Run[];
  run: Run | undefined;
  onTab: (tab: PanelTab) => void;
  onChooseRun: (id: string) => void;
  onInspect: (exchange: SignedExchange) => void;
}

/** The machine room beside the workspace. */
export function Panel({ tab, runs, run, onTab, onChooseRun, onInspect }: Props): ReactNode {
  const { state } = useSandbox();
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = panelTabs[(panelTabs.indexOf(tab) + step + panelTabs.length) % panelTabs.length] ?? tab;
    onTab(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <aside className="panel" aria-label="Behind the bot">
      <Clock />
      <div className="tabs" role="tablist" aria-label="Behind the bot" onKeyDown={move}>
        {panelTabs.map((one) => (
          <button
            type="button"
            role="tab"
            key={one}
            id={`tab-${one}`}
            className="tab"
            aria-selected={one === tab}
            aria-controls="panel-body"
            tabIndex={one === tab ? 0 : -1}
            onClick={() => onTab(one)}
          >
            <Icon name={tabs[one].icon} size={15} />
            {tabs[one].title}
            {one === 'faults' && state.faults.length > 0 && (
              <span className="count-badge is-hot">{state.faults.length} armed</span>
            )}
          </button>
        ))}
      </div>
      <div className="panel-body" role="tabpanel" id="panel-body" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {tab === 'live' && (
          <>
            <Databases run={run} />
            <ExecutionPanel runs={runs} run={run} onChoose={onChooseRun} />
          </>
        )}
        {tab === 'faults' && <Faults database={run?.request.database} />}
        {tab === 'requests' && <Requests onInspect={onInspect} />}
      </div>
    </aside>
  );
}
