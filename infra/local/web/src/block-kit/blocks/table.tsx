import type { TableBlock } from '@slack/types';
import type { CSSProperties, ReactNode } from 'react';
import { RichText } from './rich-text';

type Cell = TableBlock['rows'][number][number];

/** The first row is the heading, as in Slack. A wide table scrolls in its own frame. */
export function Table({ block }: { block: TableBlock }): ReactNode {
  const [head = [], ...body] = block.rows;
  const styleOf = (column: number): CSSProperties => {
    const settings = block.column_settings?.[column];
    return { textAlign: settings?.align ?? 'left', whiteSpace: settings?.is_wrapped === true ? 'normal' : 'nowrap' };
  };
  return (
    <section className="block table-frame" tabIndex={0} aria-label="Table">
      <table>
        <thead>
          <tr>
            {head.map((cell, column) => (
              <th key={column} scope="col" style={styleOf(column)}>
                <CellOf cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} style={styleOf(column)}>
                  <CellOf cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function CellOf({ cell }: { cell: Cell }): ReactNode {
  return cell.type === 'rich_text' ? <RichText block={cell} /> : cell.text;
}
