import { memo, type ReactNode } from 'react';
import { withEmoji } from './emoji';
import { Inlines } from './inline';
import { type Line, type Paragraph, parseMrkdwn } from './mrkdwn';

export interface SlackText {
  type: 'plain_text' | 'mrkdwn';
  text: string;
}

/** A text object of Block Kit. */
export function TextOf({ text }: { text: SlackText }): ReactNode {
  return text.type === 'mrkdwn' ? <Mrkdwn source={text.text} /> : <span className="plain">{withEmoji(text.text)}</span>;
}

export const Mrkdwn = memo(function Mrkdwn({ source }: { source: string }): ReactNode {
  return (
    <div className="mrkdwn">
      {parseMrkdwn(source).map((paragraph, index) => (
        <ParagraphOf key={index} paragraph={paragraph} />
      ))}
    </div>
  );
});

function ParagraphOf({ paragraph }: { paragraph: Paragraph }): ReactNode {
  if (paragraph.kind === 'pre') return <pre className="pre">{paragraph.text}</pre>;
  if (paragraph.kind === 'quote') {
    return (
      <blockquote>
        {paragraph.lines.map((line, index) => (
          <LineOf key={index} line={line} />
        ))}
      </blockquote>
    );
  }
  return <LineOf line={paragraph} />;
}

function LineOf({ line }: { line: Line }): ReactNode {
  if (line.kind === 'gap') return <div className="gap" />;
  if (line.kind === 'line') {
    return (
      <div className="line">
        <Inlines items={line.children} />
      </div>
    );
  }
  return (
    <div className="item">
      <span className="item-mark">
        <Inlines items={line.mark} />
      </span>
      <span className="item-words">
        <Inlines items={line.children} />
      </span>
    </div>
  );
}
