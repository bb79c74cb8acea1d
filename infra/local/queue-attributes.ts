import { ServiceError } from './json';

/** SQS: GetQueueAttributes. Those that were asked for, or `All` of them; one that the queue does not have is refused. */
export function queueAttributes(all: Readonly<Record<string, string>>, asked: readonly string[]): object {
  const wanted = asked.includes('All') ? Object.keys(all) : asked;
  const unknown = wanted.find((name) => !Object.hasOwn(all, name));
  if (unknown !== undefined)
    throw new ServiceError('InvalidAttributeName', `Unknown Attribute ${unknown}.`, 400, 'InvalidAttributeName;Sender');
  return { Attributes: Object.fromEntries(wanted.map((name) => [name, all[name]])) };
}
