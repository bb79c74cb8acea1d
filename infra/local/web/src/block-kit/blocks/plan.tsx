import type { PlanBlock, TaskCardBlock } from '@slack/types';
import type { ReactNode } from 'react';
import { RichText } from './rich-text';

const states = {
  pending: { mark: '○', word: 'to do' },
  in_progress: { mark: '◐', word: 'under way' },
  complete: { mark: '✓', word: 'done' },
  error: { mark: '✕', word: 'failed' },
} as const;

/** Folded until somebody opens it, as in Slack. */
export function Plan({ block }: { block: PlanBlock }): ReactNode {
  const tasks = (block.tasks ?? []).filter(isTask);
  const done = tasks.filter((task) => task.status === 'complete').length;
  return (
    <details className="block plan">
      <summary>
        {block.title}
        <span className="muted">
          {' '}
          · {done} of {tasks.length} done
        </span>
      </summary>
      {tasks.map((task) => (
        <TaskCard key={task.task_id} block={task} />
      ))}
    </details>
  );
}

const isTask = (task: object): task is TaskCardBlock => 'type' in task && task.type === 'task_card';

export function TaskCard({ block }: { block: TaskCardBlock }): ReactNode {
  const { mark, word } = states[block.status];
  return (
    <div className={`block task task-${block.status}`}>
      <div className="task-title">
        <span className="task-mark" aria-hidden="true">
          {mark}
        </span>
        {block.title} <span className="muted">· {word}</span>
      </div>
      {block.details && <RichText block={block.details} />}
      {block.output && <RichText block={block.output} />}
      {block.sources?.map((source) => (
        <a key={source.url} href={source.url} target="_blank" rel="noreferrer">
          {source.text}
        </a>
      ))}
    </div>
  );
}
