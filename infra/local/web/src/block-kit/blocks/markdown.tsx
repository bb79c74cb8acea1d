import type { MarkdownBlock } from '@slack/types';
import type { ReactNode } from 'react';
import { Inlines } from '../../text/inline';
import { inlines } from '../../text/mrkdwn';

/** The part of Markdown that bots use: headings, lists, quotes, fenced code, and marks inside a line. */
export function Markdown({ block }: { block: MarkdownBlock }): ReactNode {
  return (
    <div className="block mrkdwn">
      {block.text.split('```').map((part, index) =>
        index % 2 === 1 ? (
          <pre key={index} className="pre">
            {part.replace(/^\w*\n|\n$/g, '')}
          </pre>
        ) : (
          part.split('\n').map((line, at) => <MarkdownLine key={`${index} ${at}`} line={line} />)
        ),
      )}
    </div>
  );
}

function MarkdownLine({ line }: { line: string }): ReactNode {
  if (line.trim() === '') return <div className="gap" />;
  const heading = /^#{1,6}\s+(.*)$/.exec(line);
  if (heading) return <h4 className="markdown-heading">{heading[1]}</h4>;
  const item = /^\s*(?:[-*+]|(\d+\.))\s+(.*)$/.exec(line);
  if (item) {
    return (
      <div className="item">
        <span className="item-mark">{item[1] ?? '•'}</span>
        <span className="item-words">
          <Inlines items={inlines(toMrkdwn(item[2] ?? ''))} />
        </span>
      </div>
    );
  }
  const quote = /^>\s?(.*)$/.exec(line);
  const words = <Inlines items={inlines(toMrkdwn(quote?.[1] ?? line))} />;
  return quote ? <blockquote>{words}</blockquote> : <div className="line">{words}</div>;
}

/** Markdown's marks in Slack's spelling; a single star is italic there. */
const toMrkdwn = (text: string): string =>
  text
    .replaceAll(/(?<!\*)\*([^*\s][^*]*)\*(?!\*)/g, '_$1_')
    .replaceAll(/\*\*([^*]+)\*\*/g, '*$1*')
    .replaceAll(/~~([^~]+)~~/g, '~$1~')
    .replaceAll(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '<$2|$1>');
