import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { TrapheusStack } from '../../infra/stack';

const folder = mkdtempSync(join(tmpdir(), 'trapheus-cdk-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Loaded {
  Resources: Record<string, { Type: string; DependsOn?: string | string[] }>;
  Parameters?: object;
  Conditions?: object;
  Outputs?: Record<string, { Value: unknown }>;
}

/** Every choice that adds resources. */
const context = {
  'aws:cdk:bundling-stacks': [],
  encryption: 'own-key',
  endpoint: 'http-api',
  alertEmails: 'oncall@example.com',
  provisionedConcurrency: 1,
  vpc: JSON.stringify({ subnetIds: ['subnet-0a1b2c3d'], securityGroupIds: ['sg-0a1b2c3d'] }),
  schedules: [{ database: 'orders-staging', cron: '0 3 * * ? *', reason: 'nightly' }],
};
const loadedFrom = (more: object): Loaded => {
  const outdir = mkdtempSync(join(folder, 'out-'));
  return Template.fromStack(
    new TrapheusStack(new App({ outdir, context: { ...context, ...more } }), 'Trapheus'),
  ).toJSON() as Loaded;
};
const templates = [loadedFrom({}), loadedFrom({ encryption: 'aws-managed', endpoint: 'function-url', schedules: [] })];

/** In what order a resource names those it comes after says nothing. */
const sorted = (resources: Loaded['Resources']) =>
  Object.fromEntries(
    Object.entries(resources).map(([id, { DependsOn = [], ...resource }]) => [
      id,
      { ...resource, DependsOn: [DependsOn].flat().sort() },
    ]),
  );

/** What a value refers to, by logical id. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  if ('Ref' in value) return [String(value.Ref)];
  if ('Fn::GetAtt' in value) return [String([value['Fn::GetAtt']].flat()[0])];
  const subs = 'Fn::Sub' in value ? [...JSON.stringify(value['Fn::Sub']).matchAll(/\$\{([A-Za-z0-9:]+)/g)] : [];
  return [...subs.map(([, id]) => id ?? ''), ...Object.values(value).flatMap(references)];
}

test.each(templates)('a second loader of CloudFormation templates reads it and writes the same', (template) => {
  const templateFile = join(mkdtempSync(join(folder, 'in-')), 'template.json');
  writeFileSync(templateFile, JSON.stringify(template));
  const stack = new Stack(new App({ outdir: mkdtempSync(join(folder, 'out-')) }), 'Loaded');
  // What is in a loaded template is made of the classes of CloudFormation's own resource specification.
  const loaded = new CfnInclude(stack, 'Template', { templateFile, preserveLogicalIds: true });

  for (const id of Object.keys(template.Resources))
    expect(loaded.getResource(id).cfnResourceType).toBe(template.Resources[id]?.Type);
  expect(sorted((Template.fromStack(stack).toJSON() as Loaded).Resources)).toEqual(sorted(template.Resources));
});

test.each(templates)(
  'it needs no parameter, and everything it refers to is there, in an order that can be made',
  (template) => {
    const { Resources, Outputs = {} } = template;
    expect([template.Parameters, template.Conditions]).toEqual([undefined, undefined]);
    const pseudo = /^AWS::(AccountId|Partition|Region|StackName|URLSuffix|NoValue)$/;
    const needs = new Map(
      Object.entries(Resources).map(([id, resource]) => [
        id,
        new Set([...references(resource), ...[resource.DependsOn ?? []].flat()].filter((one) => !pseudo.test(one))),
      ]),
    );
    for (const [id, ids] of [...needs, ['Outputs', new Set(references(Outputs))] as const])
      for (const one of ids) expect([id, one, one in Resources || pseudo.test(one)]).toEqual([id, one, true]);

    const made = new Set<string>();
    for (let before = -1; before < made.size; ) {
      before = made.size;
      for (const [id, ids] of needs) if ([...ids].every((one) => made.has(one))) made.add(id);
    }
    expect([...needs.keys()].filter((id) => !made.has(id))).toEqual([]);
  },
);

test.each(templates)('it is within the limits of CloudFormation', (template) => {
  // CloudFormation: quotas. A template body from S3 has at most 1 MB, a stack 500 resources and 200 outputs.
  expect(Buffer.byteLength(JSON.stringify(template))).toBeLessThan(1_000_000);
  expect(Object.keys(template.Resources).length).toBeLessThan(500);
  for (const id of [...Object.keys(template.Resources), ...Object.keys(template.Outputs ?? {})])
    expect(id).toMatch(/^[A-Za-z0-9]{1,255}$/);
});
