import type { Message } from '../../../bot/views/blocks';

/** A message as a person reads it, block by block. */
export function asText({ text, blocks }: Message): string {
  return [text, ...blocks.map((block) => texts(block).join('\n'))].join('\n---\n');
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value !== 'object' || value === null) return [];
  const own = 'text' in value && typeof value.text === 'string' ? [value.text] : [];
  const isButton = 'type' in value && value.type === 'button' && 'value' in value;
  const inner = Object.values(value).flatMap(texts);
  return isButton ? [`[${inner.join(' | ')}] ${String(value.value).slice(0, 20)}`] : [...own, ...inner];
}
