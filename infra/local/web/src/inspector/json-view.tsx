import { type ReactNode, useState } from 'react';

/** Text that can be read, scrolled with the keyboard and copied. */
export function JsonView({ value, label }: { value: unknown; label: string }): ReactNode {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="json">
      <div className="json-head">
        <h3>{label}</h3>
        <button type="button" className="button button-default button-small" onClick={() => void copy()}>
          <span role="status">{isCopied ? 'Copied' : 'Copy'}</span>
        </button>
      </div>
      <pre tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </div>
  );
}
