import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Inspection, inspectBundle } from '../../src/bundle/index.js';
import { type Authority, type Credentials, createAuthority, selfSigned } from '../../src/pki/index.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { openssl, writerTo } from './support.js';

const write = writerTo(temporaryFolder());

/** Two roots, an intermediate and its namesake with another key, a leaf; and what hangs together oddly. */
interface World {
  readonly root: Authority;
  readonly intermediate: Authority;
  readonly namesake: Authority;
  readonly otherRoot: Authority;
  readonly crossSigned: Credentials;
  readonly leaf: Credentials;
  readonly renewed: Credentials;
  readonly other: Credentials;
  readonly alone: Credentials;
  readonly ofLeaf: Credentials;
}

let world: World;

beforeAll(async () => {
  const keyKind = 'ec-p256' as const;
  const root = await createAuthority({ subject: 'O=x, CN=Root', keyKind });
  const otherRoot = await createAuthority({ subject: 'O=x, CN=Other Root', keyKind });
  const url = { caIssuersUrl: 'http://ca.example.com/ca.crt' };
  const intermediate = await createAuthority({ subject: 'O=x, CN=Device CA', keyKind, parent: root });
  const leaf = await intermediate.issue({ subject: 'CN=device', keyKind, ...url });
  world = {
    root,
    otherRoot,
    intermediate,
    namesake: await createAuthority({ subject: 'O=x, CN=Device CA', keyKind, parent: root }),
    crossSigned: await otherRoot.issue({
      subject: intermediate.subject,
      key: intermediate.key,
      isCa: true,
      usage: 'unrestricted',
      days: 100,
    }),
    leaf,
    renewed: await intermediate.issue({ subject: 'CN=device', key: leaf.key, days: 800, ...url }),
    other: await intermediate.issue({ subject: 'CN=other device', keyKind }),
    alone: await selfSigned({ subject: 'CN=alone', keyKind }),
    ofLeaf: await (
      await createAuthority({ subject: 'CN=No Authority', keyKind })
    ).issue({ subject: 'CN=x', keyKind }),
  };
});

type Name = keyof World;

const pemOf = (names: readonly Name[]): string => names.map((name) => world[name].pem).join('');
const inspectAll = (names: readonly Name[]): Promise<Inspection> => inspectBundle(pemOf(names));

/** Certificates of a chain by their names here. */
function named(names: readonly Name[], numbers: readonly number[]): Name[] {
  return numbers.map((number) => names[number - 1] ?? 'root');
}

interface Row {
  readonly names: readonly Name[];
  readonly leaf: Name | undefined;
  readonly chain: readonly Name[];
  /** The CN that is missing, and words of the reason. */
  readonly missing?: readonly [name: string, because: string];
  readonly warnings?: readonly string[];
}

const rows: readonly Row[] = [
  {
    names: ['leaf'],
    leaf: 'leaf',
    chain: ['leaf'],
    missing: ['CN=Device CA', 'it signed certificate 1, and whoever does not have it cannot verify that one'],
  },
  {
    names: ['leaf', 'intermediate'],
    leaf: 'leaf',
    chain: ['leaf', 'intermediate'],
    missing: ['CN=Root', 'only a root that the other side has itself may be left out'],
  },
  { names: ['leaf', 'intermediate', 'root'], leaf: 'leaf', chain: ['leaf', 'intermediate', 'root'] },
  {
    names: ['root', 'intermediate', 'leaf'],
    leaf: 'leaf',
    chain: ['leaf', 'intermediate', 'root'],
    warnings: ['chain.wrong-order'],
  },
  {
    names: ['leaf', 'root', 'intermediate'],
    leaf: 'leaf',
    chain: ['leaf', 'intermediate', 'root'],
    warnings: ['chain.wrong-order'],
  },
  {
    names: ['leaf', 'root'],
    leaf: 'leaf',
    chain: ['leaf'],
    missing: ['CN=Device CA', 'none of the other certificates here did'],
    warnings: ['bundle.unrelated-certificate'],
  },
  {
    names: ['leaf', 'namesake', 'root'],
    leaf: 'leaf',
    chain: ['leaf'],
    missing: ['CN=Device CA', 'certificate 2 has its name but another key: it did not sign certificate 1'],
    warnings: ['chain.incomplete', 'bundle.unrelated-certificate', 'bundle.unrelated-certificate'],
  },
  {
    names: ['leaf', 'namesake', 'intermediate', 'root'],
    leaf: 'leaf',
    chain: ['leaf', 'intermediate', 'root'],
    warnings: ['bundle.unrelated-certificate'],
  },
  {
    names: ['leaf', 'intermediate', 'leaf', 'root', 'root'],
    leaf: 'leaf',
    chain: ['leaf', 'intermediate', 'root'],
    warnings: ['bundle.duplicate-certificate', 'bundle.duplicate-certificate'],
  },
  {
    names: ['leaf', 'crossSigned', 'otherRoot'],
    leaf: 'leaf',
    chain: ['leaf', 'crossSigned', 'otherRoot'],
  },
  { names: ['alone'], leaf: 'alone', chain: ['alone'], warnings: ['chain.self-signed'] },
  { names: ['root'], leaf: undefined, chain: ['root'] },
  { names: ['intermediate', 'root'], leaf: undefined, chain: ['intermediate', 'root'] },
  { names: ['root', 'otherRoot'], leaf: undefined, chain: ['root'] },
  {
    names: ['other', 'leaf', 'intermediate', 'root'],
    leaf: 'other',
    chain: ['other', 'intermediate', 'root'],
  },
];

describe('chains, by issuer name, key identifier and signature', () => {
  test.each(rows)('$names', async ({ names, leaf, chain, missing, warnings = [] }) => {
    const inspection = await inspectAll(names);
    const [first] = inspection.chains;
    expect(inspection.leaf === undefined ? undefined : names[inspection.leaf - 1]).toBe(leaf);
    expect(named(names, first?.certificates ?? [])).toEqual(chain);
    expect(first?.missing?.name).toBe(missing?.[0]);
    if (missing !== undefined) expect(first?.missing?.because).toContain(missing[1]);
    expect(inspection.warnings.map(({ code }) => code)).toEqual(warnings);
    expect(inspection.problems).toEqual([]);
  });

  test('the address of the issuer and its key identifier are shown, not fetched', async () => {
    const { chains } = await inspectAll(['leaf']);
    const { subjectKeyIdentifier } = (await inspectAll(['intermediate'])).certificates[0] ?? {};
    expect(chains[0]?.missing).toMatchObject({
      urls: ['http://ca.example.com/ca.crt'],
      keyIdentifier: subjectKeyIdentifier,
      subject: 'O=x, CN=Device CA',
    });
  });

  test('an issuer that by its own words must not issue is named as such', async () => {
    const { ofLeaf } = world;
    const key = ofLeaf.key;
    const issuer = await selfSigned({ subject: 'CN=No Authority', key, usage: 'client' });
    const authority = await createAuthority({ subject: 'CN=No Authority', key });
    const child = await authority.issue({ subject: 'CN=child', keyKind: 'ec-p256' });
    const { chains } = await inspectBundle(child.pem + issuer.pem);
    expect(chains[0]?.missing?.because).toContain('must not issue certificates by its own words');
  });

  test('of a key and a renewed certificate with the same key the one that lasts longest is the leaf', async () => {
    const key = world.leaf.key.export({ type: 'pkcs8', format: 'pem' }) as string;
    const { leaf, keys } = await inspectBundle(key + pemOf(['leaf', 'renewed', 'intermediate']));
    expect(keys[0]?.certificates).toEqual([1, 2]);
    expect(leaf).toBe(2);
  });

  test('the key says which of several leaves is the own one', async () => {
    const key = world.leaf.key.export({ type: 'pkcs8', format: 'pem' }) as string;
    const { leaf, chains } = await inspectBundle(key + pemOf(['other', 'leaf', 'intermediate']));
    expect(leaf).toBe(2);
    expect(chains[0]?.certificates).toEqual([2, 3]);
  });

  test('certificates that signed each other come to an end', async () => {
    const keyKind = 'ec-p256' as const;
    const a = await createAuthority({ subject: 'CN=a', keyKind });
    const b = await createAuthority({ subject: 'CN=b', keyKind });
    const options = { isCa: true, usage: 'unrestricted' } as const;
    const aByB = await b.issue({ subject: 'CN=a', key: a.key, ...options });
    const bByA = await a.issue({ subject: 'CN=b', key: b.key, ...options });
    const leaf = await a.issue({ subject: 'CN=leaf', keyKind });
    const { chains } = await inspectBundle(leaf.pem + aByB.pem + bByA.pem);
    expect(chains[0]?.certificates).toEqual([1, 2, 3]);
  });

  test('a certificate that bears its own name as issuer is no root unless it signed itself', async () => {
    const keyKind = 'ec-p256' as const;
    const old = await createAuthority({ subject: 'CN=Root', keyKind });
    const rolledOver = await createAuthority({ subject: 'CN=Root', keyKind, parent: old });
    const leaf = await rolledOver.issue({ subject: 'CN=leaf', keyKind });
    const without = await inspectBundle(leaf.pem + rolledOver.pem);
    expect(without.chains).toMatchObject([{ certificates: [1, 2], missing: { name: 'CN=Root' } }]);
    const complete = await inspectBundle(leaf.pem + rolledOver.pem + old.pem);
    expect(complete.chains).toEqual([{ certificates: [1, 2, 3] }]);
    expect(complete.certificates.map(({ role }) => role)).toEqual(['leaf', 'intermediate', 'root']);
  });

  test('issuers from elsewhere complete the chain and are marked', async () => {
    const issuers = [world.root, world.intermediate].map(({ certificate }) => ({
      certificate: certificate.raw,
      from: 'http://x/',
    }));
    const { chains, certificates } = await inspectBundle(world.leaf.pem, { issuers });
    expect(chains).toEqual([{ certificates: [1, 3, 2] }]);
    expect(certificates.map(({ from }) => from)).toEqual([undefined, 'http://x/', 'http://x/']);
  });
});

describeWithPeer('openssl', 'a chain is called complete where openssl verifies it', () => {
  test.each(rows.filter(({ leaf }) => leaf !== undefined))('$names', async ({ names, leaf = 'leaf' }) => {
    const { chains } = await inspectAll(names);
    const isRoot = (name: Name): boolean => {
      const { subject, issuer } = new X509Certificate(world[name].pem);
      return subject === issuer;
    };
    const roots = write('roots.pem', pemOf(names.filter(isRoot)) || world.ofLeaf.pem);
    const others = write('others.pem', pemOf(names.filter((name) => !isRoot(name))) || world.ofLeaf.pem);
    const args = ['verify', '-CAfile', roots, '-no-CApath', '-untrusted', others];
    let verified = true;
    try {
      openssl([...args, write('leaf.pem', world[leaf].pem)]);
    } catch {
      verified = false;
    }
    expect(chains[0]?.missing === undefined).toBe(verified);
  });
});
