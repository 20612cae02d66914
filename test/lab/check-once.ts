// Checks once with the options that stand on standard input as JSON, and prints the report as JSON. For tests
// that need a process of its own, such as one with another clock.
import { text } from 'node:stream/consumers';
import { checkConnection, type CheckOptions } from '../../src/check/index.js';

const options = JSON.parse(await text(process.stdin)) as CheckOptions;
process.stdout.write(JSON.stringify(await checkConnection(options)));
