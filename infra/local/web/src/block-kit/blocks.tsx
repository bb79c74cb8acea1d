import { type ComponentType, memo, type ReactNode } from 'react';
import type { Block } from '../sandbox/wire';
import { Actions } from './blocks/actions';
import { Alert } from './blocks/alert';
import { Context } from './blocks/context';
import { Divider } from './blocks/divider';
import { Header } from './blocks/header';
import { Picture } from './blocks/image';
import { Input } from './blocks/input';
import { Markdown } from './blocks/markdown';
import { Plan, TaskCard } from './blocks/plan';
import { RichText } from './blocks/rich-text';
import { Section } from './blocks/section';
import { Table } from './blocks/table';
import { Unknown } from './unknown';

type Drawings = { [Type in Block['type']]?: ComponentType<{ block: Extract<Block, { type: Type }> }> };

/** One component for each block type; what is not here shows as a red box. */
const drawings: Drawings = {
  actions: Actions,
  alert: Alert,
  context: Context,
  divider: Divider,
  header: Header,
  image: Picture,
  input: Input,
  markdown: Markdown,
  plan: Plan,
  rich_text: RichText,
  section: Section,
  table: Table,
  task_card: TaskCard,
};

/** A block keeps its place in a card whatever its block_id: so an update changes words and moves nothing. */
export function Blocks({ blocks }: { blocks: readonly Block[] }): ReactNode {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <BlockOf key={`${index} ${block.type}`} block={block} />
      ))}
    </div>
  );
}

const BlockOf = memo(function BlockOf({ block }: { block: Block }): ReactNode {
  // The table's type pairs every type with a component for exactly that type.
  const Drawing = drawings[block.type] as ComponentType<{ block: Block }> | undefined;
  return Drawing === undefined ? <Unknown what="block" type={block.type} /> : <Drawing block={block} />;
});
