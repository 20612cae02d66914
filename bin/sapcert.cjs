#!/usr/bin/env node
'use strict';
// CommonJS, because Node starts it fastest. The start of the command line is one file in dist/, and beside it
// lies what V8 made of that file when it was built: with it 10 ms of compiling are saved. V8 itself takes no cache
// that another version made; that it was made on another platform V8 does not see, hence the name.
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { Script } = require('node:vm');

const filename = path.join(__dirname, '../dist/cli/entry.cjs');
const parameters = 'exports, require, module, __filename, __dirname, __import';
const source = `(function (${parameters}) {${readFileSync(filename, 'utf8')}\n})`;
// The cache keeps the name that it is given: one without the folders of the machine that builds it.
const script = new Script(source, { filename: 'entry.cjs', cachedData: codeCache() });
const entry = { exports: {} };
script.runInThisContext()(entry.exports, require, entry, filename, path.dirname(filename), importFromEntry);
entry.exports.start(process.argv.slice(2));

function codeCache() {
  try {
    return readFileSync(`${filename}.${process.platform}-${process.arch}.cache`);
  } catch {
    return undefined;
  }
}

/** A script has no `import` of its own. */
function importFromEntry(specifier) {
  if (!specifier.startsWith('.')) return import(specifier);
  return import(require('node:url').pathToFileURL(path.join(path.dirname(filename), specifier)).href);
}

// For the build alone, which runs a strip and keeps what V8 has compiled by then.
exports.script = script;
