import type { ImageBlock } from '@slack/types';
import type { ReactNode } from 'react';

export function Picture({ block }: { block: ImageBlock }): ReactNode {
  const source = 'image_url' in block ? block.image_url : '';
  return (
    <figure className="block picture">
      {block.title && <figcaption>{block.title.text}</figcaption>}
      <img src={source} alt={block.alt_text} loading="lazy" />
    </figure>
  );
}
