import { warmUp } from '../kdf/index.js';
import { stripSpec } from './commands/strip.js';
import { isFleet } from './fleet-options.js';
import { readLightly } from './light.js';
import { processTerminal } from './process.js';
import { startStrip } from './start-strip.js';

/**
 * The start of the command line. A plain `strip` of one bundle runs from here, out of one small file; everything
 * else loads the whole command line.
 */
export async function start(argv: readonly string[]): Promise<void> {
  process.exitCode = 3; // stands if the event loop should run dry before the command has ended
  const [command, ...rest] = argv;
  const args = command === stripSpec.name ? readLightly(rest, stripSpec) : undefined;
  if (args === undefined) {
    // With DEBUG=* packages that sapcert is built on print all that is sent, MQTT passwords among it.
    delete process.env['DEBUG'];
    const { main } = await import('./main.js');
    process.exitCode = await main(argv, processTerminal());
  } else if (isFleet(args)) {
    const { startFleet } = await import('./start-fleet.js');
    process.exitCode = await startFleet(args);
  } else {
    warmUp();
    process.exitCode = await startStrip(args);
  }
}
