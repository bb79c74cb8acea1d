import type { RichTextBlock, RichTextBlockElement, RichTextElement, RichTextSection } from '@slack/types';
import type { CSSProperties, ReactNode } from 'react';
import { Anchor, ChannelMention, Emoji, Moment, UserMention } from '../../text/inline';
import { Unknown } from '../unknown';

export function RichText({ block }: { block: RichTextBlock }): ReactNode {
  return (
    <div className="block rich-text mrkdwn">
      {block.elements.map((element, index) => (
        <Part key={index} element={element} />
      ))}
    </div>
  );
}

function Part({ element }: { element: RichTextBlockElement }): ReactNode {
  switch (element.type) {
    case 'rich_text_section':
      return (
        <div className="line">
          <Leaves elements={element.elements} />
        </div>
      );
    case 'rich_text_preformatted':
      return (
        <pre className="pre">
          <Leaves elements={element.elements} />
        </pre>
      );
    case 'rich_text_quote':
      return (
        <blockquote>
          <Leaves elements={element.elements} />
        </blockquote>
      );
    case 'rich_text_list':
      return <List style={element.style} indent={element.indent ?? 0} items={element.elements} />;
    default:
      return <Unknown what="element" type={(element as { type: string }).type} />;
  }
}

function List({ style, indent, items }: { style: string; indent: number; items: RichTextSection[] }): ReactNode {
  const rows = items.map((item, index) => (
    <li key={index}>
      <Leaves elements={item.elements} />
    </li>
  ));
  const inset: CSSProperties = { marginInlineStart: `${indent * 1.5}em` };
  return style === 'ordered' ? <ol style={inset}>{rows}</ol> : <ul style={inset}>{rows}</ul>;
}

function Leaves({ elements }: { elements: readonly RichTextElement[] }): ReactNode {
  return elements.map((element, index) => <Styled key={index} element={element} />);
}

function Styled({ element }: { element: RichTextElement }): ReactNode {
  const style = 'style' in element ? (element.style as Record<string, boolean> | undefined) : undefined;
  let drawn: ReactNode = <Leaf element={element} />;
  if (style?.code) drawn = <code className="code">{drawn}</code>;
  if (style?.bold) drawn = <strong>{drawn}</strong>;
  if (style?.italic) drawn = <em>{drawn}</em>;
  if (style?.strike) drawn = <s>{drawn}</s>;
  if (style?.underline) drawn = <u>{drawn}</u>;
  return drawn;
}

function Leaf({ element }: { element: RichTextElement }): ReactNode {
  switch (element.type) {
    case 'text':
      return element.text;
    case 'link':
      return <Anchor url={element.url} text={element.text ?? element.url} />;
    case 'user':
      return <UserMention id={element.user_id} />;
    case 'channel':
      return <ChannelMention id={element.channel_id} />;
    case 'usergroup':
      return <span className="mention">@{element.usergroup_id}</span>;
    case 'emoji':
      return <Emoji name={element.name} />;
    case 'broadcast':
      return <span className="mention mention-me">@{element.range}</span>;
    case 'date':
      return <Moment seconds={element.timestamp} format={element.format} url={element.url} />;
    case 'color':
      return <code className="code">{element.value}</code>;
    case 'team':
      return <span className="mention">{element.team_id}</span>;
    default:
      return <Unknown what="element" type={(element as { type: string }).type} />;
  }
}
