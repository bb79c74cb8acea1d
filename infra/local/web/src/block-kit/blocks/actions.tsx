import type { ActionsBlock } from '@slack/types';
import type { ReactNode } from 'react';
import { ElementOf } from '../element';

export function Actions({ block }: { block: ActionsBlock }): ReactNode {
  return (
    <div className="block actions">
      {block.elements.map((element, index) => (
        <ElementOf
          key={'action_id' in element ? `${element.type} ${element.action_id}` : index}
          blockId={block.block_id ?? ''}
          element={element}
        />
      ))}
    </div>
  );
}
