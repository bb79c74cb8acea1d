import { formatDate } from '../../../../infra/local/web/src/text/date';
import { inlines, parseMrkdwn } from '../../../../infra/local/web/src/text/mrkdwn';

const text = (words: string) => ({ kind: 'text', text: words });

describe('mrkdwn', () => {
  test('marks count at the edges of words, and lie in each other', () => {
    expect(inlines('a *b _c_* ~d~ e')).toEqual([
      text('a '),
      { kind: 'bold', children: [text('b '), { kind: 'italic', children: [text('c')] }] },
      text(' '),
      { kind: 'strike', children: [text('d')] },
      text(' e'),
    ]);
    expect(inlines('snake_case_name 2*3*4 * alone *')).toEqual([text('snake_case_name 2*3*4 * alone *')]);
    expect(inlines('*Write `a*b` now*')).toEqual([
      { kind: 'bold', children: [text('Write '), { kind: 'code', text: 'a*b' }, text(' now')] },
    ]);
  });

  test('what Slack escapes is read as it was meant, and what looks like markup inside stays text', () => {
    expect(inlines('&lt;!channel&gt; &amp;amp;')).toEqual([text('<!channel> &amp;')]);
    expect(inlines('`a &lt; b`')).toEqual([{ kind: 'code', text: 'a < b' }]);
  });

  test('references: people, channels, groups, links, dates, everybody', () => {
    expect(inlines('<@U1> <#C1|ops> <!subteam^S1|@dba> <!here> <https://a.b/?x=1&amp;y=2|there>')).toEqual([
      { kind: 'user', id: 'U1' },
      text(' '),
      { kind: 'channel', id: 'C1', label: 'ops' },
      text(' '),
      { kind: 'group', id: 'S1', label: '@dba' },
      text(' '),
      { kind: 'broadcast', range: 'here' },
      text(' '),
      { kind: 'link', url: 'https://a.b/?x=1&y=2', text: 'there' },
    ]);
    expect(inlines('<!date^60^{time}|then>')).toEqual([
      { kind: 'date', seconds: 60, format: '{time}', fallback: 'then' },
    ]);
  });

  test('a link to anything but a page is no link', () => {
    expect(inlines('<javascript:alert(1)|click>')).toEqual([text('<javascript:alert(1)|click>')]);
  });

  test('a clock is no emoji', () => {
    expect(inlines('at 10:30:00 :tada:')).toEqual([text('at 10:30:00 '), { kind: 'emoji', name: 'tada' }]);
  });

  test('lines, gaps, quotes, bullets, and text as it stands', () => {
    expect(parseMrkdwn('a\n\n> b\n> c\n• d\n```\n  e\n```')).toEqual([
      { kind: 'line', children: [text('a')] },
      { kind: 'gap' },
      {
        kind: 'quote',
        lines: [
          { kind: 'line', children: [text('b')] },
          { kind: 'line', children: [text('c')] },
        ],
      },
      { kind: 'item', mark: [text('•')], children: [text('d')] },
      { kind: 'pre', text: '  e' },
    ]);
    expect(parseMrkdwn('an open ``` fence')).toHaveLength(2);
  });

  test('dates near today are said in words', () => {
    const noon = Date.UTC(2026, 10, 22, 12);
    expect(formatDate(noon / 1000, '{date_short_pretty}', noon)).toBe('today');
    expect(formatDate(noon / 1000 - 86_400, '{date_pretty} at {time}', noon)).toMatch(/^yesterday at \d\d:\d\d$/);
    expect(formatDate(noon / 1000, '{date_num}', 0)).toBe('2026-11-22');
    expect(formatDate(noon / 1000, '{unheard_of}', 0)).toBe('{unheard_of}');
  });
});
