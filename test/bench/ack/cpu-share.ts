import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lambda: "Configure Lambda function memory": one vCPU at 1,769 MB, in proportion below. */
const mbOfOneCpu = 1769;
const periodUs = 20_000;

export interface CpuShare {
  /** A shell command after which a process has this share. */
  enter: string;
  /** How often a process of the group had to wait for its share. */
  throttled(): number;
  remove(): void;
}

export const shareOf = (memoryMb: number): number => memoryMb / mbOfOneCpu;

/** A group of processes with the share of a processor that Lambda gives; undefined where nobody may make one. */
export function cpuShare(memoryMb: number): CpuShare | undefined {
  const quota = String(Math.round(periodUs * shareOf(memoryMb)));
  const isSecond = existsSync('/sys/fs/cgroup/cgroup.controllers');
  const folder = join(isSecond ? '/sys/fs/cgroup' : '/sys/fs/cgroup/cpu', `trapheus-${process.pid}`);
  try {
    mkdirSync(folder);
    if (isSecond) writeFileSync(join(folder, 'cpu.max'), `${quota} ${periodUs}`);
    else {
      writeFileSync(join(folder, 'cpu.cfs_period_us'), String(periodUs));
      writeFileSync(join(folder, 'cpu.cfs_quota_us'), quota);
    }
  } catch {
    if (existsSync(folder)) rmdirSync(folder);
    return undefined;
  }
  return {
    enter: `echo $$ > ${folder}/cgroup.procs`,
    throttled: () => Number(/nr_throttled (\d+)/.exec(readFileSync(join(folder, 'cpu.stat'), 'utf8'))?.[1] ?? 0),
    remove: () => rmdirSync(folder),
  };
}
