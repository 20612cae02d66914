import type { SapcertError } from '../errors.js';
import type { ProfileName } from '../profiles.js';
import type { WireRecording } from '../wire/index.js';
import type { ExperimentEvidence, ExperimentId, StageEvidence, StageName } from './evidence.js';
import type { Lookup } from './probes/dns.js';
import type { TlsVersion } from '../profiles.js';
import type { CheckMqttVersion, Target } from './target.js';

/** What to check, and how far. Bytes in, data out: no file is read and nothing is printed. */
export interface CheckOptions {
  /** `H`, `H:P`, `[::1]:8883`, or a URL such as `mqtts://H:P`. Default: what the input names. */
  readonly host?: string | undefined;
  /** Default: of `host`, else of the input, else of the profile (8883). */
  readonly port?: number | undefined;
  /** The bundle, or why it could not be read. Absent: no client certificate. */
  readonly input?: string | Uint8Array | SapcertError | undefined;
  /** The names of the inputs in messages. */
  readonly inputName?: string | undefined;
  /** Key and chain, where they lie in inputs of their own. */
  readonly key?: string | Uint8Array | undefined;
  readonly keyName?: string | undefined;
  readonly chain?: string | Uint8Array | undefined;
  readonly chainName?: string | undefined;
  readonly passphrase?: string | Uint8Array | undefined;
  readonly allowSlowKdf?: boolean | undefined;
  /** The authorities to trust, PEM or DER, or why they could not be read. Absent: `roots`. */
  readonly ca?: string | Uint8Array | SapcertError | undefined;
  readonly caName?: string | undefined;
  /** PEM, one certificate each. Default: the roots that Node brings. */
  readonly roots?: readonly string[] | undefined;
  /** `sap-iot` by default. */
  /** Whether an experiment may fetch a missing intermediate from where the certificate says that it is. */
  readonly fetchChain?: boolean | undefined;
  readonly profile?: ProfileName | undefined;
  readonly deviceId?: string | undefined;
  readonly clientId?: string | undefined;
  /** The last stage to run: `mqtt` by default, `ack` when something is to be published. */
  readonly until?: Exclude<StageName, 'file'> | undefined;
  readonly mqttVersion?: CheckMqttVersion | undefined;
  readonly tlsVersion?: TlsVersion | undefined;
  readonly alpn?: readonly string[] | undefined;
  /** The name to ask for (SNI) and to hold the certificate against, where it is not the host. */
  readonly servername?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | Uint8Array | undefined;
  /** Milliseconds a stage; 10,000 by default. */
  readonly timeout?: number | undefined;
  /** Whether experiments may look for the cause of a failure; true by default. */
  readonly experiments?: boolean | undefined;
  /** Milliseconds to stay connected, to see what ends the connection. */
  readonly watch?: number | undefined;
  /** A measure of SAP's form, published to the device's topic; its acknowledgement is waited for. */
  readonly measure?: unknown;
  readonly publish?: CheckPublishOptions | undefined;
  readonly subscribe?: readonly string[] | undefined;
  /** Ends the check at once, with what is known. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
  /** Each connection with its bytes and TLS secrets, once it is over: for traces and captures. */
  readonly onConnection?: ((connection: RecordedConnection) => void) | undefined;
  /** This machine's clock. */
  readonly now?: (() => Date) | undefined;
  readonly lookup?: Lookup | undefined;
}

export interface CheckPublishOptions {
  readonly topic: string;
  readonly message: string | Uint8Array;
  /** 1 by default. */
  readonly qos?: 0 | 1 | 2 | undefined;
}

export type ProgressEvent =
  | { readonly kind: 'target'; readonly target: Target }
  | { readonly kind: 'stage-started'; readonly stage: StageName }
  | { readonly kind: 'stage'; readonly evidence: StageEvidence }
  | { readonly kind: 'experiment-started'; readonly id: ExperimentId; readonly title: string }
  | { readonly kind: 'experiment'; readonly evidence: ExperimentEvidence }
  /** Something that the user should know before it happens. */
  | { readonly kind: 'notice'; readonly message: string };

export interface RecordedConnection {
  /** `first pass`, or the experiment. */
  readonly label: 'first-pass' | ExperimentId;
  readonly recording: WireRecording;
  /** NSS key log lines. Secret. */
  readonly keylog: readonly string[];
}
