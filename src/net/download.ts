/** What a download may cost. */
export interface DownloadLimits {
  readonly bytes: number;
  /** For all of it, redirects included. */
  readonly milliseconds: number;
  readonly redirects: number;
}

export type Download =
  | { readonly kind: 'done'; readonly bytes: Uint8Array }
  /** `reason` is in plain words; it may quote what the server or the address says. */
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Gets what an http or https address holds, within limits. Follows redirects itself, so that none leads to another
 * protocol. Never throws.
 */
export async function download(url: string, limits: DownloadLimits, signal: AbortSignal): Promise<Download> {
  const deadline = AbortSignal.timeout(limits.milliseconds);
  try {
    return await follow(url, limits, AbortSignal.any([deadline, signal]));
  } catch (error) {
    if (signal.aborted) return failed('interrupted');
    if (deadline.aborted) return failed(`no whole answer within ${limits.milliseconds / 1000} seconds`);
    return failed(networkReason(error));
  }
}

async function follow(url: string, limits: DownloadLimits, signal: AbortSignal): Promise<Download> {
  let address = url;
  for (let hops = 0; hops <= limits.redirects; hops++) {
    const refusal = refuseAddress(address);
    if (refusal !== undefined) return failed(hops === 0 ? refusal : `redirected to ${address}: ${refusal}`);
    const response = await fetch(address, {
      redirect: 'manual',
      signal,
      // A compressed answer could unfold without end; `close` lets the process end at once.
      headers: { 'accept-encoding': 'identity', 'user-agent': 'sapcert', connection: 'close' },
    });
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel();
      if (!URL.canParse(location, address)) return failed(`redirected to what is no address: ${location}`);
      address = new URL(location, address).href;
      continue;
    }
    if (response.status !== 200) {
      await response.body?.cancel();
      return failed(`the server answered ${response.status}`);
    }
    return await readBody(response, limits.bytes);
  }
  return failed(`more than ${limits.redirects} redirects`);
}

function refuseAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return 'not an address';
  const { protocol, username, password } = new URL(address);
  if (protocol !== 'http:' && protocol !== 'https:')
    return `only http and https are fetched, not ${protocol}`;
  return username === '' && password === '' ? undefined : 'the address holds a user name or a password';
}

async function readBody(response: Response, limit: number): Promise<Download> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    // Leaving the loop cancels the body.
    if (size > limit) return failed(`the answer is larger than ${limit / 1024} KiB`);
  }
  return { kind: 'done', bytes: Buffer.concat(chunks) };
}

function failed(reason: string): Download {
  return { kind: 'failed', reason };
}

/** fetch says only "fetch failed"; what happened stands in its cause. */
function networkReason(error: unknown): string {
  const { code, message } = facts(facts(error).cause ?? error);
  if (message === 'bad port') return 'the port belongs to another service (fetch: bad port)';
  if (typeof code !== 'string') return 'the connection failed';
  return networkReasons[code] ?? `the connection failed (${code})`;
}

function facts(error: unknown): {
  readonly cause?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
} {
  return typeof error === 'object' && error !== null ? error : {};
}

const networkReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'the server closed the connection',
  UND_ERR_SOCKET: 'the server closed the connection',
  ENOTFOUND: 'the name of the server is not known',
  EAI_AGAIN: 'the name of the server could not be looked up',
  ETIMEDOUT: 'the server does not answer',
  EHOSTUNREACH: 'the server cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};
