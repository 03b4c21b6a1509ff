/** A task with prerequisites. */
export interface Task {
  id: string;
  after: string[];
  run(): Promise<void>;
}

/**
 * Runs all tasks, at most `limit` at a time and otherwise in the order of the list. After a failure no task starts, and
 * running ones are awaited.
 */
export async function inOrder(tasks: readonly Task[], limit: number): Promise<void> {
  const done = new Set<string>();
  const waiting = [...tasks];
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const next = () => waiting.findIndex(({ after }) => after.every((id) => done.has(id)));
  while (failures.length === 0 && waiting.length + running.size > 0) {
    for (let index = next(); index >= 0 && running.size < limit; index = next()) {
      const [task] = waiting.splice(index, 1) as [Task];
      const run = task
        .run()
        .then(() => void done.add(task.id))
        .catch((error) => void failures.push(error))
        .finally(() => running.delete(run));
      running.add(run);
    }
    if (running.size === 0) throw new Error(`circular dependency: ${waiting.map(({ id }) => id).join(", ")}`);
    await Promise.race(running);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}
