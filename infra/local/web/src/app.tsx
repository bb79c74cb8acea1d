import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { Guide } from './guide/guide';
import { guideSteps, type Help } from './guide/steps';
import { type Inspected, Inspector } from './inspector/inspector';
import { ModalStack } from './modals/modal-stack';
import { Panel, type PanelTab } from './panel/panel';
import { wholes } from './panel/wholes';
import { postClock, postFaults } from './sandbox/client';
import { store, useSandbox } from './sandbox/store';
import type { Channel, Message, OpenView, Person } from './sandbox/wire';
import { type Directory, DirectoryProvider } from './text/directory';
import { Icon } from './ui/icon';
import { keep, kept } from './ui/kept';
import { ThemeSwitch } from './ui/theme';
import { ChannelView } from './workspace/channel-view';
import type { Vocabulary } from './workspace/completions';
import { Elsewhere } from './workspace/elsewhere';
import { Home } from './workspace/home';
import { placeOf } from './workspace/place';
import { Sidebar, type Where } from './workspace/sidebar';
import { useReadMarks } from './workspace/unread';

/** Which part fills a narrow window. */
type Part = 'slack' | 'panel';

const guideKey = 'trapheus.guide';
const guideChannel = 'db-ops';
const dayMs = 86_400_000;

export function App(): ReactNode {
  const { info, scenarios, state, isLive } = useSandbox();
  const { users, shortcuts, groups } = info.slack;
  const [meId, setMe] = useState(() => users.find(({ name }) => name === 'ana')?.id ?? users[0]?.id ?? '');
  const me = personNamed(users, meId);
  const opened = useMemo(() => placeOf(location.pathname + location.search), []);
  const [where, setWhere] = useState<Where>(() => ({
    kind: 'channel',
    id: opened?.channel ?? state.channels[0]?.id ?? '',
  }));
  const [thread, setThread] = useState<string>();
  const [pointedAt, setPointedAt] = useState(opened?.ts);
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>({});
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const [inspected, setInspected] = useState<Inspected>();
  const [chosenRun, setChosenRun] = useState<string>();
  const [tab, setTab] = useState<PanelTab>('live');
  const [part, setPart] = useState<Part>('slack');
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [hasGuide, setHasGuide] = useState(() => kept(guideKey) !== 'dismissed');
  const { markRead, unreadIn } = useReadMarks(groups);
  const composer = useRef<HTMLInputElement>(null);

  const today = Math.floor(state.now / dayMs) * dayMs + dayMs / 2;
  const { channels } = state;
  const channelNames = useChannelNames(channels);
  const go = useCallback((to: Where, ts?: string) => {
    setWhere(to);
    setThread(undefined);
    setPointedAt(ts);
    setMenuOpen(false);
    setPart('slack');
  }, []);
  const directory = useMemo<Directory>(
    () => ({
      people: new Map(users.map((user) => [user.id, user])),
      channels: channelNames,
      groups: new Map(groups.map((group) => [group.id, group])),
      today,
      me: me.id,
      shortcuts,
      goTo: (id, ts) => go({ kind: 'channel', id }, ts),
    }),
    [users, shortcuts, groups, channelNames, today, me, go],
  );

  const runs = useMemo(() => [...state.runs].sort((a, b) => b.request.at - a.request.at), [state.runs]);
  const run = runs.find(({ id }) => id === chosenRun) ?? runs[0];
  const vocabulary = useMemo<Vocabulary>(
    () => ({
      commands: info.commands,
      databases: wholes(state.databases, state.clusters).map(({ name }) => name),
      runs: runs.map(({ id }) => id),
    }),
    [info.commands, state.databases, state.clusters, runs],
  );
  const views = useMemo(
    () => state.views.filter(({ user, view }) => user === me.id && view.type === 'modal'),
    [state.views, me],
  );
  const channel = where.kind === 'channel' ? channels.find(({ id }) => id === where.id) : undefined;

  const actAs = (id: string) => {
    const direct = channel?.kind === 'im';
    setMe(id);
    setMenuOpen(false);
    if (direct) go({ kind: 'channel', id: channels[0]?.id ?? '' });
  };
  const dismissGuide = () => {
    setHasGuide(false);
    keep(guideKey, 'dismissed');
  };
  const openGuide = () => {
    setHasGuide(true);
    keep(guideKey, undefined);
    go({ kind: 'channel', id: channels.find(({ name }) => name === guideChannel)?.id ?? '' });
  };
  const inspectMessage = useCallback(
    (message: Message) =>
      setInspected({
        kind: 'json',
        title: 'Blocks of the message',
        value: { text: message.text, blocks: message.blocks },
      }),
    [],
  );
  const inspectView = useCallback(
    ({ view }: OpenView) => setInspected({ kind: 'json', title: `The view “${view.title.text}”`, value: view }),
    [],
  );
  const dismiss = useCallback((ts: string) => setDismissed((before) => new Set([...before, ts])), []);

  const approver = users.find(({ name }) => name === 'ben') ?? me;
  const requester = users.find(({ name }) => name === 'ana') ?? me;
  const help = (wanted: Help) => {
    if (wanted.kind === 'fill' && channel) {
      setDrafts((before) => ({ ...before, [`${me.id} ${channel.id}`]: wanted.text }));
      composer.current?.focus();
    }
    if (wanted.kind === 'act-as') actAs(wanted.user);
    if (wanted.kind === 'speed') void postClock({ speed: wanted.speed }).finally(() => void store.refresh());
    if (wanted.kind === 'arm') void postFaults({ scenario: wanted.scenario }).finally(() => void store.refresh());
    if (wanted.kind === 'reset') void postFaults({ reset: true }).finally(() => void store.refresh());
  };
  const guide = hasGuide && channel?.name === guideChannel && (
    <Guide
      steps={guideSteps({
        runs: runs.toReversed(),
        faults: state.faults,
        scenarios,
        people: users,
        me,
        approver,
        requester,
      })}
      onHelp={help}
      onDismiss={dismissGuide}
    />
  );
  const draftKey = `${me.id} ${channel?.id}`;
  const { workspace } = info.slack;

  return (
    <DirectoryProvider value={directory}>
      <a className="skip-link" href="#content">
        Skip to the messages
      </a>
      <div
        className={`app part-${part}${isMenuOpen ? ' is-menu-open' : ''}${thread === undefined ? '' : ' has-thread'}${workspace ? ' is-elsewhere' : ''}`}
      >
        {!isLive && (
          <div className="offline" role="alert">
            The sandbox does not answer. Is npm start still running? The page goes on by itself when it is back.
          </div>
        )}
        <div className="sidebar-frame" onClick={(event) => event.target === event.currentTarget && setMenuOpen(false)}>
          <Sidebar
            channels={channels}
            where={where}
            unreadIn={(one) => unreadIn(one, me.id)}
            people={users}
            me={me}
            onGo={go}
            onActAs={actAs}
          >
            {!hasGuide && (
              <button type="button" className="foot-button" onClick={openGuide}>
                <Icon name="pin" /> <span>Guide</span>
              </button>
            )}
            <ThemeSwitch />
          </Sidebar>
        </div>
        <main className="main-frame">
          <h1 className="hidden">Trapheus sandbox</h1>
          <div className="main" id="content" tabIndex={-1}>
            {workspace ? (
              <Elsewhere workspace={workspace} command={info.slack.command} />
            ) : channel ? (
              <ChannelView
                key={channel.id}
                channel={channel}
                me={me}
                guide={guide}
                vocabulary={vocabulary}
                composer={composer}
                draft={drafts[draftKey] ?? ''}
                onDraft={(text) => setDrafts((before) => ({ ...before, [draftKey]: text }))}
                thread={thread}
                onThread={setThread}
                pointedAt={pointedAt}
                dismissed={dismissed}
                onDismiss={dismiss}
                onInspect={inspectMessage}
                onRead={markRead}
                onMenu={() => setMenuOpen(true)}
              />
            ) : (
              <Home
                me={me}
                home={state.homes.find(({ user }) => user === me.id)}
                onInspect={inspectView}
                onMenu={() => setMenuOpen(true)}
              />
            )}
          </div>
          <Panel
            tab={tab}
            runs={runs}
            run={run}
            onTab={setTab}
            onChooseRun={setChosenRun}
            onInspect={(exchange) => setInspected({ kind: 'exchange', exchange })}
          />
        </main>
        <nav className="parts" aria-label="Parts of the page">
          <button type="button" aria-current={part === 'slack' ? 'page' : undefined} onClick={() => setPart('slack')}>
            <Icon name="thread" /> Slack
          </button>
          <button type="button" aria-current={part === 'panel' ? 'page' : undefined} onClick={() => setPart('panel')}>
            <Icon name="database" /> Behind the bot
          </button>
        </nav>
      </div>
      <ModalStack views={views} onInspect={inspectView} />
      {inspected && <Inspector inspected={inspected} onClose={() => setInspected(undefined)} />}
      <Announcer channel={channel} />
    </DirectoryProvider>
  );
}

function personNamed(users: readonly Person[], id: string): Person {
  const person = users.find((user) => user.id === id) ?? users[0];
  if (person === undefined) throw new Error('The sandbox has no people');
  return person;
}

/** The same map as long as no name changes, so that messages are not drawn again for a new one. */
function useChannelNames(channels: readonly Channel[]): ReadonlyMap<string, string> {
  const named = channels
    .filter(({ kind }) => kind !== 'im')
    .map(({ id, name }) => `${id} ${name}`)
    .join('\n');
  return useMemo(
    () =>
      new Map(named.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)])),
    [named],
  );
}

/** Says what the newest card says now: an update of a card is no new message, so the log stays silent. */
function Announcer({ channel }: { channel: Channel | undefined }): ReactNode {
  const newest = channel?.messages.findLast(
    ({ thread_ts, ephemeral_to, bot_id }) =>
      thread_ts === undefined && ephemeral_to === undefined && bot_id !== undefined,
  );
  return (
    <div className="hidden" role="status">
      {newest?.text.replaceAll(/[*_`]/g, '') ?? ''}
    </div>
  );
}
