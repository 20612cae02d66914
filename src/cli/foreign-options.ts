import type { CommandSpec } from './options.js';

/** An option of another program, and what does it here. */
interface Foreign {
  readonly words: string;
  /** The commands that the row is for; without it all of them. */
  readonly at?: string;
  /** Options of ours; the first that a command has is meant. */
  readonly ours?: string;
  /** Where no option does it. */
  readonly says?: string;
}

const byContent = 'an input is recognised by its content, and written as PEM';
const byInspect = 'sapcert inspect shows it';
const allFiles = 'of a folder all files count, at any depth';
const debugging = 'SAPCERT_DEBUG=1 shows where an error came from';
const noTrust =
  'nothing here goes on without checking the server: name its authority with --ca FILE; sapcert check says what is wrong with its certificate';

/** Where a letter may be meant as mosquitto_pub's, which has other letters than openssl and curl. */
const connecting = 'check send';

/** As people type them who know openssl, mosquitto_pub, curl, MQTT.js and others. With their hyphens: case matters. */
const rows: readonly Foreign[] = [
  { words: '-in --in --input --bundle --pem', says: 'the input stands by itself, without an option' },
  { words: '-inform --inform -outform --outform --format -certform -keyform', says: byContent },
  { words: '-out', ours: 'output key-out' },
  { words: '--outfile --output-file', ours: 'output key-out' },
  { words: '--output-dir --dest --destination', ours: 'out-dir' },
  { words: '-d', at: 'strip split', ours: 'out-dir' },
  {
    words: '-passin -pass -password --pass --passphrase --passwd --pwd --key-password',
    ours: 'passin',
  },
  { words: '--pw -P', ours: 'password passin' },
  { words: '-passout --export-password', ours: 'passout' },
  { words: '-nodes -noenc --nodes --decrypt', says: 'sapcert strip decrypts the key by itself' },
  {
    words:
      '-noout -text -subject -issuer -dates -enddate -startdate -fingerprint -serial -info --text --noout',
    says: byInspect,
  },
  { words: '-checkend --days --expires', ours: 'expires-within' },
  {
    words: '-CAfile -CApath -cafile -capath --cafile --capath --cacert --ca-file --cacerts --trust --root',
    ours: 'ca',
  },
  {
    words: '-cert --cert --certificate -E --crt',
    ours: 'cert',
    says: 'the device’s certificate stands by itself, as the input; its key goes with --key FILE',
  },
  { words: '-key -inkey --private-key --keyfile --privkey --key-file', ours: 'key' },
  { words: '-certfile -chain -cert_chain -untrusted --cert-chain --intermediate', ours: 'chain' },
  {
    words: '-export -pkcs12 --pkcs12 --pfx',
    ours: 'p12',
    says: 'sapcert combine --p12 FILE writes PKCS#12; as an input it is recognised by its content',
  },
  { words: '-traditional -topk8', ours: 'key-format' },
  { words: '-legacy -provider', says: 'old encryption opens without an option' },
  { words: '-connect --connect --hostname --server --broker --url -L', ours: 'host' },
  { words: '-p', ours: 'port' },
  { words: '-servername --sni', ours: 'servername' },
  { words: '-tls1_2 -tls1_3 --tlsv1.2 --tlsv1.3', ours: 'tls-version' },
  {
    words: '-showcerts -msg -debug -state -v --verbose --debug',
    ours: 'trace',
    says: debugging,
  },
  { words: '-d', at: connecting, ours: 'trace', says: debugging },
  {
    words: '-k',
    at: connecting,
    says: `the keepalive, which -k is to mosquitto_pub, has no option here; as to -k of curl, ${noTrust}`,
  },
  { words: '--insecure --no-check-certificate --no-verify --skip-verify', says: noTrust },
  { words: '-i --id --clientid --clientId', ours: 'client-id' },
  { words: '-u --user', ours: 'username' },
  { words: '-t', ours: 'topic publish' },
  { words: '-m --payload --data', ours: 'message measure' },
  { words: '-q', ours: 'qos' },
  { words: '-V --protocol-version --protocol', ours: 'mqtt-version' },
  { words: '-l --stdin', ours: 'file', says: 'standard input is -' },
  { words: '-f --force -y --yes', ours: 'overwrite file' },
  { words: '-r -R', at: 'strip inspect', says: allFiles },
  { words: '--recursive', at: 'strip inspect check', says: allFiles },
  { words: '--max-time --connect-timeout -w', ours: 'timeout ack-timeout' },
  { words: '--silent', ours: 'quiet' },
  {
    words: '-s',
    at: 'send',
    says: 'measures on standard input are read without an option, one a line; what -s is to curl is --quiet here',
  },
  { words: '-j --jobs --parallel --threads', ours: 'concurrency' },
];

/** Whether a word is an option of another program; `-out` would otherwise be `-o ut`. */
export function isForeign(word: string): boolean {
  return rows.some((row) => has(row.words, word));
}

/** What does here what an option of another program does there. */
export function oursFor(word: string, spec: CommandSpec, specs: readonly CommandSpec[]): string | undefined {
  const row = rows.find(({ words, at = spec.name }) => has(words, word) && has(at, spec.name));
  if (row === undefined) return undefined;
  const names = row.ours?.split(' ') ?? [];
  const here = names.find((name) => Object.hasOwn(spec.options, name));
  if (here !== undefined) return `here it is ${withValue(here, spec)}`;
  if (row.says !== undefined) return row.says;
  for (const name of names) {
    const owner = specs.find(({ options }) => Object.hasOwn(options, name));
    if (owner !== undefined) return `sapcert ${owner.name} has it: ${withValue(name, owner)}`;
  }
  return undefined;
}

function has(words: string, word: string): boolean {
  return words.split(' ').includes(word);
}

function withValue(name: string, { options }: CommandSpec): string {
  const { value, choices } = options[name] ?? {};
  const shown = value ?? choices?.join('|');
  return shown === undefined ? `--${name}` : `--${name} ${shown}`;
}
