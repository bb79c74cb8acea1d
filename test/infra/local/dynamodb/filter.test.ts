import { anyOf } from '../../../../infra/local/dynamodb/filter';

const record = { eventName: 'INSERT', dynamodb: { NewImage: { kind: { S: 'run' }, pk: { S: 'run#r1' } } } };

describe('event filters of Lambda', () => {
  test.each([
    ['no pattern at all', [], true],
    ['an exact value', [{ eventName: ['INSERT'] }], true],
    ['another value', [{ eventName: ['REMOVE'] }], false],
    ['one of several values', [{ eventName: ['REMOVE', 'INSERT'] }], true],
    ['a nested value', [{ dynamodb: { NewImage: { kind: { S: ['run'] } } } }], true],
    ['all fields of a pattern', [{ eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['card'] } } } }], false],
    ['one of several patterns', [{ eventName: ['REMOVE'] }, { eventName: ['INSERT'] }], true],
    ['a prefix', [{ dynamodb: { NewImage: { pk: { S: [{ prefix: 'run#' }] } } } }], true],
    ['another prefix', [{ dynamodb: { NewImage: { pk: { S: [{ prefix: 'card#' }] } } } }], false],
    ['a field that exists', [{ dynamodb: { NewImage: { kind: { S: [{ exists: true }] } } } }], true],
    ['a field that must not exist', [{ dynamodb: { OldImage: { kind: { S: [{ exists: false }] } } } }], true],
    ['exists on an object, which is no leaf', [{ dynamodb: { NewImage: [{ exists: true }] } }], false],
  ])('%s', (_what, patterns, passes) => {
    expect(anyOf(patterns)(record)).toBe(passes);
  });

  test('what the sandbox does not support is refused when the mapping is made, with its place', () => {
    expect(() => anyOf([{ dynamodb: { N: [{ numeric: ['>', 1] }] } }])).toThrow('at dynamodb.N: {"numeric":[">",1]}');
    expect(() => anyOf([{ eventName: 'INSERT' }])).toThrow('at eventName: a value must stand in a list');
  });
});
