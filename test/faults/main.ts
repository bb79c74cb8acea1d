import { parseArgs } from 'node:util';
import { pair, share, singles, siteSingles, summaryOf, tryAll } from './campaign';
import { type Case, caseNamed, nameOf } from './cases';
import { tried } from './play';
import { stories } from './stories';

/**
 * `npm run test:faults -- --seeds 2000`: pairs of faults by the seeds 1 to 2000.
 * `npm run test:faults -- --singles [--story undo] [--every 10 --turn 3]`: every fault at every site, or a share.
 * `--kind throttle,5xx` and `--service rds,states` choose among them.
 * `npm run test:faults -- --singles --calls`: every fault at every call; it takes ten times as long.
 * `npm run test:faults -- --case '<name>'`: one case again.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      from: { type: 'string', default: '1' },
      singles: { type: 'boolean', default: false },
      calls: { type: 'boolean', default: false },
      story: { type: 'string' },
      every: { type: 'string', default: '1' },
      turn: { type: 'string', default: '0' },
      kind: { type: 'string' },
      service: { type: 'string' },
      case: { type: 'string' },
    },
  });
  const say = (line: string) => console.log(line);
  // Beside the results, which are the same bytes each time.
  const progress = (line: string) => void process.stderr.write(`${line}\n`);
  if (values.case !== undefined) {
    const { broken, missed, end } = await tried(caseNamed(values.case));
    say(`The run ended as ${end ?? 'nothing'}.`);
    for (const fault of missed) say(`No call has met ${fault.service}.${fault.operation ?? '*'}, ${fault.kind}.`);
    say(broken.length === 0 ? 'Everything holds.' : broken.join('\n'));
    return broken.length === 0 ? 0 : 1;
  }
  let failures = 0;
  const run = async (title: string, cases: Case[], of: number) => {
    progress(`${title}: ${cases.length} cases`);
    const result = await tryAll(cases, of, say, progress);
    failures += result.failures.length;
    say(summaryOf(title, result));
  };
  if (values.singles)
    for (const { name } of stories.filter((one) => values.story === undefined || one.name === values.story)) {
      const all = (await (values.calls ? singles(name) : siteSingles(name))).filter(
        ({ faults: [fault] }) =>
          (values.kind === undefined || values.kind.split(',').includes(fault?.kind ?? '')) &&
          (values.service === undefined || values.service.split(',').includes(fault?.service ?? '')),
      );
      await run(
        `single faults at ${values.calls ? 'calls' : 'sites'}, ${name}`,
        share(all, Number(values.every), Number(values.turn)),
        all.length,
      );
    }
  if (values.seeds !== undefined) {
    const cases: Case[] = [];
    const from = Number(values.from);
    for (let seed = from; seed < from + Number(values.seeds); seed += 1) cases.push(await pair(seed));
    await run(`pairs of faults, seeds ${from} to ${from + cases.length - 1}`, cases, cases.length);
    if (cases.length > 0) say(`the first was ${nameOf(cases[0] as Case)}`);
  }
  return failures === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
