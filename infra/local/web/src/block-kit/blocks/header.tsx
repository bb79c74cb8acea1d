import type { HeaderBlock } from '@slack/types';
import type { ReactNode } from 'react';
import { withEmoji } from '../../text/emoji';

export function Header({ block }: { block: HeaderBlock }): ReactNode {
  return <h3 className="block header">{withEmoji(block.text.text)}</h3>;
}
