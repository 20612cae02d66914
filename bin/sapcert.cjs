#!/usr/bin/env node
'use strict';
// CommonJS, because Node starts it fastest; the command line itself is built into dist/.
require('../dist/cli/entry.cjs').start(process.argv.slice(2));
