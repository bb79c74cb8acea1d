import type { ContextBlock } from '@slack/types';
import type { ReactNode } from 'react';
import { TextOf } from '../../text/mrkdwn-text';

export function Context({ block }: { block: ContextBlock }): ReactNode {
  return (
    <div className="block context">
      {block.elements.map((element, index) =>
        element.type === 'image' ? (
          <img key={index} className="context-image" src={sourceOf(element)} alt={element.alt_text} />
        ) : (
          <TextOf key={index} text={element} />
        ),
      )}
    </div>
  );
}

const sourceOf = (element: object): string => ('image_url' in element ? String(element.image_url) : '');
