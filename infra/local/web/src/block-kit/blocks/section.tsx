import type { SectionBlock } from '@slack/types';
import type { ReactNode } from 'react';
import { TextOf } from '../../text/mrkdwn-text';
import { ElementOf } from '../element';

export function Section({ block }: { block: SectionBlock }): ReactNode {
  const { text, fields, accessory } = block;
  return (
    <div className="block section">
      <div className="section-words">
        {text && <TextOf text={text} />}
        {fields && (
          <div className="fields">
            {fields.map((field, index) => (
              <div className="field-cell" key={index}>
                <TextOf text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory && (
        <div className="accessory">
          <ElementOf blockId={block.block_id ?? ''} element={accessory} />
        </div>
      )}
    </div>
  );
}
