import { chainAdded, hold, leafOnly, withoutCertificate } from './certificate.js';
import type { Experiment } from './experiment.js';
import { freshClientIdExperiment, mqtt311, mqtt5, ownClientId } from './mqtt.js';
import { https, otherFamily, plainHttp, plainMqtt } from './other-protocols.js';
import { anyCipher, oldTls } from './hello.js';
import { alpn, tls12, tls13, withoutSni } from './tls.js';

/** All experiments, in the order in which they are considered: what decides most, and disturbs least, first. */
export const experiments: readonly Experiment[] = [
  plainMqtt,
  plainHttp,
  hold,
  otherFamily,
  alpn,
  withoutSni,
  chainAdded,
  tls12,
  tls13,
  anyCipher,
  oldTls,
  https,
  mqtt311,
  mqtt5,
  ownClientId,
  freshClientIdExperiment,
  leafOnly,
  withoutCertificate,
];

export { control, gotFurther, needsControl, needsSecond } from './control.js';
export type { Bench, Experiment, Result } from './experiment.js';
