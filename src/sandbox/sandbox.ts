import { join } from 'node:path';
import { SapcertError } from '../errors.js';
import {
  startBroker,
  parseModel,
  type Broker,
  type GatewayCommand,
  type DeviceModel,
} from './broker/index.js';
import type { SandboxEvent } from './events.js';
import { behaviourWith, type FaultName } from './faults/index.js';
import {
  modelName,
  openFolder,
  type DeviceKey,
  type SandboxDevice,
  type SandboxFolder,
} from './folder/index.js';
import { listen, tlsOptions, type LoopbackHost } from './port/index.js';
import type { TlsVersion } from '../profiles.js';

export interface SandboxOptions {
  /**
   * Where authorities, bundles and secrets are kept: a folder that is new, empty, or a sandbox's of before,
   * whose authorities and devices are then taken up. Without it a folder is made, and removed at the end.
   */
  readonly dir?: string | undefined;
  /** `127.0.0.1` by default. Nothing but loopback can be named. */
  readonly host?: LoopbackHost | undefined;
  /** 0, the default, takes any free port. */
  readonly port?: number | undefined;
  /** How many devices; 1 by default, or those that the folder has. */
  readonly devices?: number | undefined;
  /** The device alternate ids, instead of a number of devices. */
  readonly deviceIds?: readonly string[] | undefined;
  /** `rsa-2048` by default, as SAP makes them; `ec-p256` is many times faster to make. */
  readonly deviceKey?: DeviceKey | undefined;
  /** `1.2` by default, as SAP's gateway. */
  readonly tlsVersion?: TlsVersion | undefined;
  /** A row of `listFaults()`. */
  readonly fault?: FaultName | undefined;
  /** Capabilities and sensors that the gateway knows; `model.json` of the folder by default, else it takes any. */
  readonly model?: DeviceModel | undefined;
  /** For the faults that take time: between two cuts or take-overs, and until a late acknowledgement. 5000 by default. */
  readonly paceMs?: number | undefined;
  /** Sees what happens at the gateway. */
  readonly onEvent?: ((event: SandboxEvent) => void) | undefined;
  /** Ends the sandbox. */
  readonly signal?: AbortSignal | undefined;
}

/** A running gateway. */
export interface Sandbox {
  readonly host: LoopbackHost;
  readonly port: number;
  readonly dir: string;
  /** Path of the certificate that a device has to trust. */
  readonly ca: string;
  /** The same as PEM text. */
  readonly caPem: string;
  /** Path of the intermediate that issued the device certificates and that their bundles lack, as SAP's do. */
  readonly deviceIssuer: string;
  readonly devices: readonly SandboxDevice[];
  /** Publishes on `commands/<device>` with QoS 1. */
  readonly sendCommand: (deviceId: string, command: GatewayCommand) => Promise<void>;
  /** Ends all connections; removes the folder if it was made for this sandbox. Can be called again. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a gateway on loopback that behaves as SAP's does, with certificates of its own and devices to try it.
 *
 * @throws SapcertError `usage.invalid`, `output.exists`, `output.not-writable`, `file.malformed`, `interrupted`
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = '127.0.0.1', deviceKey = 'rsa-2048', signal, devices, deviceIds, dir } = options;
  refuseStrangers(host);
  refuseAborted(signal);
  const behaviour = behaviourWith(options.fault);
  const { deviceCertificate: certificate } = behaviour;
  const folder = await unlessAborted(signal, async () =>
    openFolder({ dir, devices, deviceIds, certificate, deviceKey, signal }),
  );
  try {
    const running = await startGateway(folder, host, options);
    const close = once(async () => {
      signal?.removeEventListener('abort', abort);
      await running.close();
      folder.release();
    });
    const abort = (): void => void close();
    if (signal?.aborted === true) await close();
    refuseAborted(signal);
    signal?.addEventListener('abort', abort);
    return {
      host,
      port: running.port,
      dir: folder.path,
      ca: folder.ca,
      caPem: folder.authorities.gatewayRoot.pem,
      deviceIssuer: folder.deviceIssuer,
      devices: folder.devices,
      sendCommand: running.broker.sendCommand,
      close,
    };
  } catch (error) {
    folder.release();
    throw error;
  }
}

interface RunningGateway {
  readonly port: number;
  readonly broker: Broker;
  readonly close: () => Promise<void>;
}

async function startGateway(
  folder: SandboxFolder,
  host: LoopbackHost,
  options: SandboxOptions,
): Promise<RunningGateway> {
  const { port = 0, tlsVersion = '1.2', paceMs = 5000, onEvent: report = () => undefined } = options;
  const behaviour = behaviourWith(options.fault);
  const model = options.model ?? modelOf(folder);
  const tls = await tlsOptions(behaviour, tlsVersion, folder.authorities, folder.certificates);
  const broker = await startBroker({ behaviour, model, paceMs, report });
  try {
    const listener = await listen({ host, port, behaviour, tls, paceMs, report, serve: broker.serve });
    const close = async (): Promise<void> => {
      await Promise.all([broker.close(), listener.close()]);
    };
    return { port: listener.port, broker, close };
  } catch (error) {
    await broker.close();
    throw error;
  }
}

function modelOf({ path, model }: SandboxFolder): DeviceModel | undefined {
  return model === undefined ? undefined : parseModel(model, join(path, modelName));
}

/** Callers without types, and the command line, can name anything. */
function refuseStrangers(host: string): void {
  if (host === '127.0.0.1' || host === '::1') return;
  throw new SapcertError('usage.invalid', `a sandbox listens on loopback only, not on ${host}`, {
    hint: 'use 127.0.0.1 or ::1: its certificates and its broker are for tests',
  });
}

/** What an abort throws is told apart from what went wrong by itself. */
async function unlessAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    refuseAborted(signal);
    throw error;
  }
}

function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new SapcertError('interrupted', 'the sandbox was ended before it was ready', {
    cause: signal.reason,
  });
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return async () => {
    running ??= action();
    return running;
  };
}
