/** What people type who know another program, or guess: the command of ours that does it. */
const meant: Readonly<Record<string, string>> = {
  strip: 'decrypt unlock convert extract open rsa pkey pkcs8 p12 pem pfx pass passphrase',
  combine: 'pkcs12 join merge export encrypt',
  inspect: 'info show view dump print cert certificate x509 expiry expires dates list status',
  check: 'verify test connect ping diagnose diagnosis debug s_client probe doctor',
  send: 'publish pub mosquitto_pub measure measures push subscribe sub listen',
  sandbox: 'demo gateway broker server mock simulate simulator s_server',
  explain: 'error errors code codes why errstr',
};

/** @returns our name for what a word of another program does */
export function commandFor(word: string): string | undefined {
  return Object.keys(meant).find((name) => meant[name]?.split(' ').includes(word.toLowerCase()));
}
