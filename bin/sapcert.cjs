#!/usr/bin/env node
'use strict';
// CommonJS, because Node starts it fastest. The start of the command line is one file in dist/, and beside it
// lies what V8 made of that file when it was built: with it 10 ms of compiling are saved. V8 itself takes no cache
// that another version made; that it was made on another platform V8 does not see, hence the name.
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { Script } = require('node:vm');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19))
  giveUp(`it needs Node 20.19 or newer, and this is ${process.versions.node}`);

const filename = path.join(__dirname, '../dist/cli/entry.cjs');
const parameters = 'exports, require, module, __filename, __dirname, __import';
const source = `(function (${parameters}) {${built()}\n})`;
// The cache keeps the name that it is given: one without the folders of the machine that builds it.
const script = new Script(source, { filename: 'entry.cjs', cachedData: codeCache() });
const entry = { exports: {} };
script.runInThisContext()(entry.exports, require, entry, filename, path.dirname(filename), importFromEntry);
entry.exports.start(process.argv.slice(2)).catch(explainMissing);

/**
 * One line and an end.
 * @returns {never}
 */
function giveUp(why) {
  process.stderr.write(`sapcert: error: ${why}\n`);
  process.exit(3);
}

function built() {
  try {
    return readFileSync(filename, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return giveUp(notInstalled('it is not built yet'));
  }
}

function explainMissing(error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' && error.code !== 'MODULE_NOT_FOUND') throw error;
  giveUp(notInstalled('what it is built on is missing'));
}

function notInstalled(what) {
  return `${what}: run npm ci in ${path.dirname(__dirname)}`;
}

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
