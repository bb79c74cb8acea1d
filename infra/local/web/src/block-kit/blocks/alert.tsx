import type { AlertBlock } from '@slack/types';
import type { ReactNode } from 'react';
import { TextOf } from '../../text/mrkdwn-text';

const words = { default: 'Note', info: 'Note', warning: 'Warning', error: 'Error', success: 'Done' } as const;

export function Alert({ block }: { block: AlertBlock }): ReactNode {
  const level = block.level ?? 'default';
  return (
    <div className={`block alert alert-${level}`} role="note">
      <strong className="alert-word">{words[level]}</strong>
      <TextOf text={block.text} />
    </div>
  );
}
