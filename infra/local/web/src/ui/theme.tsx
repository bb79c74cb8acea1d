import { type ReactNode, useEffect, useState } from 'react';
import { Icon } from './icon';
import { keep, kept } from './kept';

const name = 'trapheus.theme';
type Theme = 'light' | 'dark';

const preferred = (): Theme => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

/** Follows the system until somebody decides otherwise. */
export function ThemeSwitch(): ReactNode {
  const [chosen, setChosen] = useState(() => kept(name) as Theme | undefined);
  const [system, setSystem] = useState(preferred);
  const theme = chosen ?? system;
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => setSystem(preferred());
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const other = theme === 'dark' ? 'light' : 'dark';
  const change = () => {
    keep(name, other);
    setChosen(other);
  };
  return (
    <button type="button" className="foot-button" aria-label={`Use ${other} colours`} onClick={change}>
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
      <span>{other === 'dark' ? 'Dark' : 'Light'}</span>
    </button>
  );
}
