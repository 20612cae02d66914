/** Writes the generated part of the documentation: `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueMarkdown } from '../src/catalogue/index.js';

writeFileSync(join(process.cwd(), 'docs/catalogue.md'), catalogueMarkdown());
