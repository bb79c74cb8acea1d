import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as rds from '@aws-sdk/client-rds';
import { type BuildResult, build, type Plugin } from 'esbuild';
import { parse } from 'yaml';
import { problemCodes } from '../orchestrator/errors';
import { pipeline } from '../orchestrator/pipeline';
import { readOnly } from './read-only';

/** Every function that is deployed, by the name of its folder in dist/. */
export const entries = {
  slack: 'bot/slack.lambda.ts',
  notifier: 'bot/notifier.lambda.ts',
  worker: 'orchestrator/worker.lambda.ts',
  watcher: 'orchestrator/watcher.lambda.ts',
  ended: 'orchestrator/ended.lambda.ts',
} as const;
export type EntryName = keyof typeof entries;

const root = resolve(__dirname, '..');
const own = (name: string) => join(root, 'infra/bundling', name);

/** Packages that the functions do not need whole, and what they get instead. */
const replaced: Record<string, string> = {
  // What Bolt imports for servers, sockets and installations: in Lambda it has none of them.
  express: own('nothing.js'),
  'raw-body': own('nothing.js'),
  '@slack/socket-mode': own('nothing.js'),
  '@slack/oauth': own('nothing.js'),
  'path-to-regexp': own('nothing.js'),
  '@slack/web-api': own('slack-web-api.js'),
  '@slack/logger': own('slack-logger.js'),
  'p-queue': own('p-queue.js'),
  'p-retry': own('p-retry.js'),
  yaml: own('yaml.ts'),
  'zod/locales': own('zod-locales.js'),
  '@aws-sdk/client-dynamodb': own('client-dynamodb.ts'),
  '@aws-sdk/client-secrets-manager': own('client-secrets-manager.ts'),
  '@aws-sdk/client-sfn': own('client-sfn.ts'),
  '@aws-sdk/client-sqs': own('client-sqs.ts'),
  '@aws-sdk/util-dynamodb': own('util-dynamodb.ts'),
  // RDS has no streams.
  '@smithy/core/event-streams': own('nothing.js'),
  '@aws-sdk/credential-provider-node': own('credentials.ts'),
};

/** Files inside packages, by how their paths end. */
const replacedFiles: [RegExp, string][] = [
  [/@slack\/bolt\/dist\/receivers\/(HTTP|SocketMode|Express)Receiver\.js$/, own('nothing.js')],
  [/@slack\/bolt\/dist\/(Assistant|CustomFunction|conversation-store)\.js$/, own('nothing.js')],
  // Only for the retry mode "adaptive", and outside Lambda, which says its Region.
  [/util-retry\/(AdaptiveRetryStrategy|DefaultRateLimiter)\.js$/, own('nothing.js')],
  [/regionConfig\/getInstanceMetadataRegion\.js$/, own('nothing.js')],
  // A chain of messages that Lambda would stop is one of queues: no call of RDS is a link of it.
  [/middleware-recursion-detection\/getRecursionDetectionPlugin\.js$/, own('recursion-detection.js')],
  // For a Node without its own crypto; Lambda's has it, and signatures of the rest are made with it.
  [/checksum\/sha256\/Sha256Js\.js$/, own('nothing.js')],
  [/@slack\/web-api\/dist\/(file-upload|chat-stream|retry-policies)\.js$/, own('nothing.js')],
  [/@slack\/web-api\/dist\/methods\.js$/, own('slack-methods.js')],
  [/@slack\/web-api\/dist\/instrument\.js$/, own('slack-instrument.js')],
];

/** What a package tells of itself: its clients say their version in the user agent, and nothing else is read. */
const packageFile = /node_modules\/.*package\.json$/;
/** What is imported and never used: JSON schemas made of zod's. */
const unusedExports = /zod\/v4\/core\/(to-json-schema|json-schema-processors)\.js$/;
/** The one place that reads dates of HTTP; JavaScript's own Date reads them as well. */
const retryAfter = /middleware-retry\/parseRetryAfterHeader\.js$/;
const dateReader = /^import \{ parseRfc7231DateTime \} from "@smithy\/core\/serde";$/m;
/** Where the SDK lists AWS's partitions: how their Regions are named by a pattern, and then each by its title. */
const partitions = /util-endpoints\/lib\/aws\/partitions\.js$/;
const titledRegions = /"regions": \{[^]*?\n {12}\}/g;
/** Where the SDK says how each error of RDS looks. */
const errorSchemas = /@aws-sdk\/client-rds\/dist-es\/schemas\/schemas_0\.js$/;

/** Whoever talks to people knows the stages by their titles: what a stage does is not his business. */
const titlesOnly: Plugin = {
  name: 'titles-only',
  setup(builder) {
    // Functions are no JSON.
    builder.onLoad({ filter: /orchestrator\/pipeline\.ts$/ }, () => ({
      contents: `export const pipeline = ${JSON.stringify(pipeline)};`,
    }));
  },
};

/** Whoever only shows runs knows the errors by their codes: what one says is in the record already. */
const codesOnly: Plugin = {
  name: 'codes-only',
  setup(builder) {
    const codes = JSON.stringify(problemCodes.join(' '));
    const unsaid = `Object.fromEntries(${codes}.split(' ').map((code) => [code, entry(() => '', () => '')]))`;
    builder.onLoad({ filter: /orchestrator\/errors\.ts$/ }, ({ path }) => ({
      contents: replacedOnce(
        readFileSync(path, 'utf8'),
        /^const catalogue = \{[^]*?^\}/m,
        `const catalogue = ${unsaid}`,
      ),
      loader: 'ts',
    }));
  },
};

/** The function on the internet does not even carry the calls that change a database, which its role forbids anyway. */
const describesOnly: Plugin = {
  name: 'describes-only',
  setup(builder) {
    const client = '@aws-sdk/client-rds';
    builder.onResolve({ filter: /^@aws-sdk\/client-rds$/ }, ({ importer }) =>
      importer.includes('/orchestrator/aws/') ? { path: client, namespace: 'describes-only' } : undefined,
    );
    const adapters = /orchestrator\/aws\/(databases|rds-(clusters|instances)|settings(-cluster|-member)?)\.ts$/;
    builder.onLoad({ filter: adapters }, ({ path }) => ({
      contents: readOnly(path, readFileSync(path, 'utf8')),
      loader: 'ts',
    }));
    builder.onLoad({ filter: /./, namespace: 'describes-only' }, () => {
      const commands = Object.keys(rds).filter((name) => name.endsWith('Command') && !name.startsWith('$'));
      const carried = commands.filter((name) => name.startsWith('Describe'));
      const others = commands.filter((name) => !carried.includes(name));
      const lines = others.map((name) => `export const ${name} = /* @__PURE__ */ left('${name}');`);
      return {
        contents: `export { RDSClient, ${carried.join(', ')} } from '${client}';
          const left = (name) => class { constructor() { throw new Error(name + ' is not carried by this function.'); } };
          ${lines.join('\n')}`,
        resolveDir: root,
      };
    });
  },
};

const plugins: Partial<Record<string, Plugin[]>> = {
  [entries.slack]: [titlesOnly, describesOnly],
  [entries.notifier]: [titlesOnly, codesOnly],
};

/** @throws Error when the text is not what it was when this was written. */
function replacedOnce(text: string, pattern: RegExp, by: string): string {
  if (!pattern.test(text)) throw new Error(`infra/bundle.ts looks for ${pattern.source}, which is not there any more.`);
  return text.replace(pattern, () => by);
}

/** Puts small things in the place of large ones that a function loads and never uses. */
const lean: Plugin = {
  name: 'lean',
  setup(builder) {
    builder.onResolve({ filter: /^[a-z@][^.]*$/ }, ({ path }) => {
      const instead = replaced[path];
      return instead === undefined ? undefined : { path: instead };
    });
    builder.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      const file = `${join(resolveDir, path)}${path.endsWith('.js') ? '' : '.js'}`;
      const found = replacedFiles.find(([pattern]) => pattern.test(file));
      return found && { path: found[1] };
    });
    builder.onResolve({ filter: /^eventemitter3$/ }, () => ({ path: 'node:events', external: true }));
    builder.onLoad({ filter: packageFile }, ({ path }) => ({ contents: nameAndVersion(path), loader: 'json' }));
    builder.onLoad({ filter: unusedExports }, ({ path }) => ({ contents: withoutBodies(readFileSync(path, 'utf8')) }));
    builder.onLoad({ filter: retryAfter }, ({ path }) => ({
      contents: replacedOnce(
        readFileSync(path, 'utf8'),
        dateReader,
        'const parseRfc7231DateTime = (text) => new Date(text);',
      ),
    }));
    builder.onLoad({ filter: partitions }, ({ path }) => ({
      contents: withoutTitles(readFileSync(path, 'utf8')),
    }));
    builder.onLoad({ filter: errorSchemas }, ({ path }) => ({
      contents: errorsFromTable(readFileSync(path, 'utf8')),
    }));
  },
};

function nameAndVersion(file: string): string {
  const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
  return JSON.stringify({ name, version });
}

/** A Region's partition is found by the pattern all the same. */
function withoutTitles(source: string): string {
  const rest = source.replaceAll(titledRegions, '"regions": {}');
  if (rest === source) throw new Error('The SDK lists the Regions in another form: see infra/bundle.ts.');
  return rest;
}

/** A module with the same exports, none of which does anything. */
function withoutBodies(source: string): string {
  const direct = [...source.matchAll(/^export (?:function|const) (\w+)/gm)].map(([, name]) => name);
  const renamed = [...source.matchAll(/^export \{ \w+ as (\w+) \}/gm)].map(([, name]) => name);
  const names = direct.map((name) => `export const ${name} = nothing;`);
  return ['const nothing = () => nothing;', ...names, ...renamed.map((name) => `export { nothing as ${name} };`)].join(
    '\n',
  );
}

const registeredError =
  /export var (\w+)\$ = \[-3, n0, _\w+,\n {4}\{ (?:\[_aQE\]: \[`([^`]+)`, \d+\], )?\[_e\]: _c, \[_hE\]: (\d+) \},\n {4}\[_m\],\n {4}\[0\]\n\];\nn0_registry\.registerError\(\1\$, \1\);\n/g;

/**
 * RDS has 150 errors, each a class and a schema that differ in three words; all are registered, so none can be shaken
 * off. The same errors, made from these words.
 */
function errorsFromTable(source: string): string {
  const words = [...source.matchAll(registeredError)].map(([, name = '', code = name, status]) =>
    [name, status, ...(code === name ? [] : [code])].join(' '),
  );
  const rest = source.replace(registeredError, '');
  // Anything else in the SDK's own form is one more word that this does not know.
  if (words.length === 0 || rest.includes('n0_registry.registerError'))
    throw new Error('The SDK writes its errors in another form: see infra/bundle.ts.');
  const imported = replacedOnce(rest, /^import \{ [\w, ]+ \} from "\.\.\/models\/errors";\n/m, '');
  return `${imported}
    for (const line of ${JSON.stringify(words.join(','))}.split(',')) {
      const [name, status, code = name] = line.split(' ');
      const Made = class extends RDSServiceException {
        static shapeId = n0 + '#' + name;
        constructor(opts) {
          super({ ...opts, name, $fault: 'client' });
          Object.assign(this, { name, $fault: 'client' });
          Object.setPrototypeOf(this, Made.prototype);
        }
      };
      const traits = { [_aQE]: [code, Number(status)], [_e]: _c, [_hE]: Number(status) };
      n0_registry.registerError([-3, n0, name, traits, [_m], [0]], Made);
    }`;
}

/**
 * Bundles one function into `folder` as it is deployed: `index.js`, its source map, and the policy. CommonJS, from the
 * ES modules of the packages, which shake to a fraction of their size; everything is loaded at once, since Lambda gives
 * a whole processor to a function that starts and a share of one to a function that works.
 */
export async function bundle(entry: string, folder: string): Promise<BuildResult<{ metafile: true }>> {
  const result = await build({
    entryPoints: [join(root, entry)],
    absWorkingDir: root,
    outfile: join(folder, 'index.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    // What a package imports later is required later: there is nothing but this file.
    // Up to Node 20, an object that is spread and then added to keeps alive whatever the next request makes: every sweep
    // of new objects takes several times as long.
    supported: { 'dynamic-import': false, 'object-rest-spread': false },
    charset: 'utf8',
    legalComments: 'none',
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    inject: [own('fetch.ts')],
    plugins: [lean, ...(plugins[entry] ?? [])],
  });
  const policy = JSON.stringify(parse(readFileSync(join(root, 'policy.yml'), 'utf8')));
  writeFileSync(join(folder, policyFileName), policy);
  return result;
}

/** Beside the code; JSON, which is YAML too. */
export const policyFileName = 'policy.json';
