/**
 * Loaded before everything else into every Node process of a test run. Copies what the process writes for people to
 * read, and which tokens and codes it makes, into a file of its own in the folder that TEST_LOG_FOLDER names.
 *
 * A line of the log is copied at every level, also where the process itself would let none through: an operator may set
 * LOG_LEVEL to any of them.
 */
import crypto from 'node:crypto';
import fs from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { inspect } from 'node:util';

/** Under this name the setup of a test file finds what copies a record. */
const COPY = Symbol.for('stillwater.log-watch');
/** As pino names the mark of a stream that wants to know the level of each line. */
const METADATA = Symbol.for('pino.metadata');
const TOKEN_BYTES = 16;
const CODE_LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 8;

// Some tests put something else in the place of these two.
const { openSync, writeSync } = fs;
const folder = process.env['TEST_LOG_FOLDER'];
if (folder && !globalThis[COPY]) watch(path.join(folder, `${process.pid}-${crypto.randomUUID()}.jsonl`));

function watch(file) {
  const descriptor = openSync(file, 'a', 0o666);
  const copy = (kind, text) => void writeSync(descriptor, `${JSON.stringify({ kind, text: String(text) })}\n`);
  globalThis[COPY] = copy;
  copy('process', process.argv.slice(1).join(' '));
  copyStream('stdout', process.stdout, copy);
  copyStream('stderr', process.stderr, copy);
  // Node writes these two itself, past the streams.
  process.on('uncaughtExceptionMonitor', (error) => copy('stderr', inspect(error)));
  process.on('warning', (warning) => copy('stderr', inspect(warning)));
  copyLog(copy);
  copySecrets(copy);
}

function copyStream(kind, stream, copy) {
  const write = stream.write;
  stream.write = function (chunk, ...rest) {
    copy(kind, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    return write.call(this, chunk, ...rest);
  };
}

/** Makes every logger write every line, to a stream that lets through to the real one what the level allows. */
function copyLog(copy) {
  const pino = ours('pino');
  if (!pino) return;
  const copied = (...given) => {
    // As pino's own: options, where the lines go, or both.
    const isStream = (each) => typeof each?.write === 'function';
    const options = given.find((each) => each && !isStream(each)) ?? {};
    const stream = given.find(isStream) ?? pino.destination(1);
    const least = options.level === 'silent' ? Infinity : (pino.levels.values[options.level ?? 'info'] ?? 0);
    const both = {
      [METADATA]: true,
      lastLevel: 0,
      write(line) {
        copy('log', line);
        if (this.lastLevel >= least) stream.write(line);
      },
      flushSync: () => stream.flushSync?.(),
    };
    return pino({ ...options, level: 'trace' }, both);
  };
  const module = Object.assign(copied, pino);
  pino.pino = module;
  pino.default = module;
}

/** The package as the program under test will find it; other programs (npm, tsc) may have none. */
function ours(name) {
  try {
    return createRequire(path.join(process.cwd(), 'package.json'))(name);
  } catch {
    return undefined;
  }
}

/** Tokens are 16 random bytes or the beginning of a keyed hash, codes eight letters drawn one by one. */
function copySecrets(copy) {
  const { randomBytes, randomInt } = crypto;
  const { digest } = Object.getPrototypeOf(crypto.createHmac('sha256', ''));
  const letters = [];
  crypto.randomBytes = (size, ...rest) => {
    const bytes = randomBytes(size, ...rest);
    if (size === TOKEN_BYTES && bytes) copy('token', bytes.toString('base64url'));
    return bytes;
  };
  crypto.randomInt = (...given) => {
    const drawn = randomInt(...given);
    if (given.length === 1 && given[0] === CODE_LETTERS.length) letters.push(CODE_LETTERS[drawn]);
    if (letters.length === CODE_LENGTH) copy('code', letters.splice(0).join(''));
    return drawn;
  };
  Object.getPrototypeOf(crypto.createHmac('sha256', '')).digest = function (...given) {
    const bytes = digest.apply(this, given);
    if (Buffer.isBuffer(bytes)) copy('token', bytes.subarray(0, TOKEN_BYTES).toString('base64url'));
    return bytes;
  };
  syncBuiltinESMExports();
}
