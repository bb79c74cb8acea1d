import { type ReactNode, StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { SandboxProvider, store, useSnapshot } from './sandbox/store';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/messages.css';
import './styles/blocks.css';
import './styles/fields.css';
import './styles/dialogs.css';
import './styles/panel.css';
import './styles/guide.css';
import './styles/narrow.css';

function Page(): ReactNode {
  const snapshot = useSnapshot();
  useEffect(() => store.start(), []);
  if (snapshot === undefined) {
    return (
      <div className="starting" role="status">
        Starting the sandbox …
      </div>
    );
  }
  return (
    <SandboxProvider value={snapshot}>
      <App />
    </SandboxProvider>
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
