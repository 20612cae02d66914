import { parentPort, workerData } from 'node:worker_threads';
import { localRunner } from './pool.js';
import type { FleetInput, RunningTask } from './types.js';

// The code of a thread: strips the portions that it is sent, as pool.ts sends them.

const task: RunningTask = workerData;
const { run } = localRunner(task);

parentPort?.on('message', (message: { readonly id: number; readonly portion: readonly FleetInput[] }) => {
  void answer(message.id, message.portion);
});

async function answer(id: number, portion: readonly FleetInput[]): Promise<void> {
  parentPort?.postMessage({ id, results: await run(portion) }, []);
}
