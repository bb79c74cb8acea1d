import ts from 'typescript';

/** What a row of a table of settings keeps where settings are only read. */
const readKeys = ['key', 'read'];
const isWrite = (command: string) => command.endsWith('Command') && !command.startsWith('Describe');

/**
 * An adapter of orchestrator/aws without what it changes: methods that send anything but Describe commands throw, and
 * tables of settings keep how each is read. What a function may not do it need not carry.
 * @throws Error when there is nothing of the kind in it.
 */
export function readOnly(file: string, source: string): string {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const cuts: { from: number; to: number; by: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isMethodDeclaration(node) && node.body && sendsWrites(node.body)) {
      const by = `{ throw new Error('${node.name.getText(tree)} is not carried by this function.'); }`;
      cuts.push({ from: node.body.getStart(tree), to: node.body.end, by });
      return;
    }
    if (ts.isObjectLiteralExpression(node) && isRow(node)) {
      const kept = node.properties.filter((property) => readKeys.includes(property.name?.getText(tree) ?? ''));
      const by = `{ ${kept.map((property) => property.getText(tree)).join(', ')} }`;
      cuts.push({ from: node.getStart(tree), to: node.end, by });
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  if (cuts.length === 0) throw new Error(`${file} has nothing to leave out any more: see infra/read-only.ts.`);
  return cuts.reverse().reduce((text, { from, to, by }) => text.slice(0, from) + by + text.slice(to), source);
}

/** A row is an object in an array that says by which key, under which title and how a setting is read. */
function isRow(node: ts.ObjectLiteralExpression): boolean {
  const names = node.properties.map((property) => property.name?.getText() ?? '');
  return ts.isArrayLiteralExpression(node.parent) && ['key', 'title', 'read'].every((name) => names.includes(name));
}

function sendsWrites(body: ts.Node): boolean {
  const isMade = ts.isNewExpression(body) && ts.isIdentifier(body.expression) && isWrite(body.expression.text);
  return isMade || (ts.forEachChild(body, (child) => sendsWrites(child) || undefined) ?? false);
}
